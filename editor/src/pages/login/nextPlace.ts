/** Where the login leads.  Refuses every address outside this site, and the login itself. */

const FIRST = "/workflows";

/** Returns the path to go on to from what the address's `next` says. */
export function nextPlace(next: string | null): string {
  if (!next?.startsWith("/")) return FIRST;
  const here = "http://here.invalid";
  let found: URL;
  try {
    found = new URL(next, here);
  } catch {
    return FIRST;
  }
  if (found.origin !== here || found.pathname.startsWith("//")) return FIRST;
  return /^\/(login\/?)?$/.test(found.pathname)
    ? FIRST
    : found.pathname + found.search + found.hash;
}

/** Returns whether a path of this site is a page of this application, not one of the server's. */
export function isOurs(path: string): boolean {
  return !/^\/(admin|api|static|flower)(\/|$)/.test(path);
}
