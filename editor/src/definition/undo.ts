/**
 * What was done to a document, to be taken back and done again.  Bursts of typing are one entry.
 * Pure: the present comes in as an argument.  Selection and view are no part of it.
 */
import type { NodeKey } from "./addresses";
import type { DefinitionDoc } from "./document";

/** The most that can be taken back. */
export const MAX_ENTRIES = 200;
/** Typing that rests for longer begins a new entry, in ms. */
export const BURST_MS = 1_000;

interface Step {
  readonly document: DefinitionDoc;
  readonly selection: readonly NodeKey[];
  /** What led from this document to the next, as in "delete 2 steps". */
  readonly label: string;
}

export interface History {
  readonly past: readonly Step[];
  readonly future: readonly Step[];
  /** The burst that is still open, and when it was last added to. */
  readonly burst: { readonly key: string; readonly at: number } | null;
}

export const NO_HISTORY: History = { past: [], future: [], burst: null };

export interface Present {
  readonly document: DefinitionDoc;
  readonly selection: readonly NodeKey[];
}

/** Returns the history after `label` was done to `before`, at `at` ms; `burst` joins it to others. */
export function recorded(
  history: History,
  before: Present,
  { label, burst, at }: { label: string; burst?: string | undefined; at: number },
): History {
  const open = history.burst;
  const joins =
    burst !== undefined &&
    open?.key === burst &&
    at - open.at < BURST_MS &&
    history.past.length > 0;
  const past = joins
    ? history.past
    : [...history.past.slice(1 - MAX_ENTRIES), { ...before, label }];
  return { past, future: [], burst: burst === undefined ? null : { key: burst, at } };
}

/** Returns the history with no burst open: what is typed next is an entry of its own. */
export function closed(history: History): History {
  return history.burst ? { ...history, burst: null } : history;
}

/** Returns what was before the last entry, and the history then; `null` if there is nothing. */
export function undone(
  history: History,
  now: Present,
): { present: Present; history: History; label: string } | null {
  const last = history.past.at(-1);
  if (!last) return null;
  return {
    present: last,
    label: last.label,
    history: {
      past: history.past.slice(0, -1),
      future: [...history.future, { ...now, label: last.label }],
      burst: null,
    },
  };
}

/** Returns what was taken back last, and the history then; `null` if there is nothing. */
export function redone(
  history: History,
  now: Present,
): { present: Present; history: History; label: string } | null {
  const next = history.future.at(-1);
  if (!next) return null;
  return {
    present: next,
    label: next.label,
    history: {
      past: [...history.past, { ...now, label: next.label }],
      future: history.future.slice(0, -1),
      burst: null,
    },
  };
}
