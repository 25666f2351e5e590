/** Whose clock moments are shown by: this browser's, or UTC.  Remembered by the browser. */
import { useSyncExternalStore } from "react";

export type ZoneChoice = "local" | "utc";

const KEY = "celeriac.time-zone";
const listeners = new Set<() => void>();
let unsaved: ZoneChoice = "local";

function current(): ZoneChoice {
  try {
    return localStorage.getItem(KEY) === "utc" ? "utc" : "local";
  } catch {
    // A browser that keeps nothing still shows what was chosen until the page is left.
    return unsaved;
  }
}

/** Shows moments by that clock from now on. */
export function chooseZone(choice: ZoneChoice): void {
  unsaved = choice;
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // See above.
  }
  for (const listener of listeners) listener();
}

/** Returns the choice, and follows it. */
export function useZoneChoice(): ZoneChoice {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}

/** Returns the zone to show moments in; `undefined` is the browser's own. */
export function useTimeZone(): string | undefined {
  return useZoneChoice() === "utc" ? "UTC" : undefined;
}
