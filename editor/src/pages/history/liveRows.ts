/** Rows that change under the eyes of whoever reads them, but not their place: while they are
 * held, what is new waits, and what no longer fits stays and is marked. */
import { useState } from "react";

interface Row {
  id: string;
  created_at: string;
}

export interface HeldRows<R> {
  rows: readonly R[];
  /** How many are not shown yet. */
  fresh: number;
  /** Ids of those that the server's list has no longer. */
  gone: ReadonlySet<string>;
}

/** Returns `shown` in its order with what `latest`, newest first, says of each; pure. */
export function holdRows<R extends Row>(shown: readonly R[], latest: readonly R[]): HeldRows<R> {
  const found = new Map(latest.map((row) => [row.id, row]));
  const held = new Set(shown.map((row) => row.id));
  // Older than the page's last row means pushed to the next page, which is no change of its own.
  const oldest = latest.at(-1)?.created_at ?? "";
  return {
    rows: shown.map((row) => found.get(row.id) ?? row),
    fresh: latest.filter((row) => !held.has(row.id)).length,
    gone: new Set(
      shown.filter((row) => !found.has(row.id) && row.created_at >= oldest).map((row) => row.id),
    ),
  };
}

/** Returns what to show of `latest` and the function that lets all of it in.
 *
 * While `hold` is set the rows keep their places; another `list`, as of another filter, is shown
 * at once.
 */
export function useLiveRows<R extends Row>(
  latest: readonly R[],
  hold: boolean,
  list: string,
): HeldRows<R> & { release: () => void } {
  const [base, setBase] = useState({ list, rows: latest });
  const isCurrent = base.list === list && hold;
  const kept = isCurrent ? base.rows : latest;
  if (!isCurrent && (base.rows !== latest || base.list !== list)) setBase({ list, rows: latest });
  return { ...holdRows(kept, latest), release: () => setBase({ list, rows: latest }) };
}
