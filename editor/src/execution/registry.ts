/** The connections that are open, one for each execution somebody looks at. */

import { Live } from "./live";
import { browser, type Surroundings } from "./surroundings";

/** How long a connection outlives the last who looked: a page that comes back finds it open. */
const LINGER_MILLISECONDS = 5_000;

interface Entry {
  readonly live: Live;
  holders: number;
  cancelClosing: (() => void) | null;
}

const entries = new Map<string, Entry>();
let around: Surroundings = browser;

/** The connection to the execution `id`; it is open while somebody holds it. */
export function liveOf(id: string): Live {
  return entryOf(id).live;
}

/** Keeps the connection to `id` open, and calls `listener` after each change; returns the end. */
export function hold(id: string, listener: () => void): () => void {
  const entry = entryOf(id);
  entry.holders += 1;
  entry.cancelClosing?.();
  entry.cancelClosing = null;
  entry.live.open();
  const unsubscribe = entry.live.subscribe(listener);
  return () => {
    unsubscribe();
    entry.holders -= 1;
    if (entry.holders > 0) return;
    entry.cancelClosing = around.after(LINGER_MILLISECONDS, () => {
      entry.live.close();
      if (entries.get(id) === entry) entries.delete(id);
    });
  };
}

/** For tests: other surroundings from here on, and nothing left open. */
export function surroundedBy(other: Surroundings = browser): void {
  for (const { live, cancelClosing } of entries.values()) {
    cancelClosing?.();
    live.close();
  }
  entries.clear();
  around = other;
}

function entryOf(id: string): Entry {
  const found = entries.get(id);
  if (found) return found;
  const entry: Entry = { live: new Live(id, around), holders: 0, cancelClosing: null };
  entries.set(id, entry);
  return entry;
}
