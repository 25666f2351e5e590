/** One change between two versions, in one line.  Pure. */

export interface Change {
  op: string;
  path: string;
  node_id: string | null;
  before?: unknown;
  after?: unknown;
}

export interface Difference {
  same_plan: boolean;
  changes: Change[];
  truncated: boolean;
}

const LONGEST = 60;

/** Returns `"3 → 5"` for what was replaced, else the value that came or went. */
export function changeText({ op, before, after }: Change): string {
  if (op === "replace") return `${short(before)} → ${short(after)}`;
  return short(op === "remove" ? before : after);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
