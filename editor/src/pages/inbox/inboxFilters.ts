/** Which of what waits is shown, and in what order.  Pure. */
import type { WaitingRow } from "@/api/inbox";

export const FILTERS = { show: "", kind: "", workflow: "", age: "", sort: "", task: "" };
export type InboxFilters = typeof FILTERS;

const HOUR_MS = 3_600_000;
const AGES: Record<string, number> = { "1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 168 * HOUR_MS };

export const CHOICES = {
  show: ["all", "answered"],
  kind: ["approval", "step", "event"],
  age: Object.keys(AGES),
  sort: ["oldest", "newest"],
};

/** Returns the rows that fit the filters, seen from the moment `now` in ms, in their order.
 *
 * What waits for an event is shown only when asked for: a program is to send it.
 */
export function shownRows(
  rows: readonly WaitingRow[],
  { kind, workflow, age, sort }: InboxFilters,
  now: number,
): WaitingRow[] {
  const least = AGES[age] ?? 0;
  return rows
    .filter((row) => (kind ? row.kind === kind : row.kind !== "event"))
    .filter((row) => !workflow || row.workflow === workflow)
    .filter((row) => now - Date.parse(row.since) >= least)
    .sort(ORDERS[sort] ?? byDeadline);
}

const ORDERS: Record<string, (a: WaitingRow, b: WaitingRow) => number> = {
  oldest: (a, b) => Date.parse(a.since) - Date.parse(b.since),
  newest: (a, b) => Date.parse(b.since) - Date.parse(a.since),
};

/** What is due first comes first; what has no deadline comes after, the oldest first. */
function byDeadline(a: WaitingRow, b: WaitingRow): number {
  const due = (row: WaitingRow) =>
    row.deadline_at ? Date.parse(row.deadline_at) : Number.MAX_SAFE_INTEGER;
  return due(a) - due(b) || Date.parse(a.since) - Date.parse(b.since);
}

/** Returns the workflows of the rows, by name, for the filter. */
export function workflowsOf(rows: readonly WaitingRow[]): { value: string; label: string }[] {
  const names = new Map(rows.map((row) => [row.workflow, row.workflow_name || row.workflow]));
  return [...names]
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** Returns the id that an address names: a plain number is that of a question. */
export function idOf(task: string): string {
  return /^\d+$/.test(task) ? `approval:${task}` : task;
}

/** Returns the number of the question that an id names; `null` for other ids. */
export function taskOf(id: string): number | null {
  const number = /^approval:(\d+)$/.exec(id)?.[1];
  return number === undefined ? null : Number(number);
}
