/** Lists that come a page at a time. */

export interface Page<Row> {
  results: Row[];
  next: string | null;
  previous: string | null;
}

/** Returns the cursor inside a `next` or `previous` address; `null` where there is none. */
export function cursorOf(address: string | null | undefined): string | null {
  if (!address) return null;
  return new URL(address, "http://localhost").searchParams.get("cursor");
}
