/** Light or dark: as the system says, unless one chose.  The choice is a cookie, so that the
 * server writes it into the page and nothing flashes. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const YEAR_SECONDS = 31_536_000;
const listeners = new Set<() => void>();

/** Returns the choice. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

/** Shows the page in `theme` and remembers it for a year. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the server reads it with the next page
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  for (const listener of listeners) listener();
}

/** Returns the choice, and follows it. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentTheme);
}
