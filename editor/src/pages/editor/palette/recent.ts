/** What was added last, kept in the browser, so that the next time it is at the top. */

const NAME = "celeriac:palette:recent";
const KEPT = 5;

/** Returns the ids of the entries that were used last, the newest first. */
export function recentEntries(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** Puts an entry at the top. */
export function rememberEntry(id: string): void {
  try {
    const others = recentEntries().filter((one) => one !== id);
    localStorage.setItem(NAME, JSON.stringify([id, ...others].slice(0, KEPT)));
  } catch {
    // Without a storage nothing is remembered, which is all there is to it.
  }
}
