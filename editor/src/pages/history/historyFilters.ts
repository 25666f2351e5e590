/** How the history can be narrowed, in the address and in the query of the server.  Pure. */
import type { Query } from "@/api/call";
import { EXECUTION_STATUSES } from "@/contracts/generated/statuses";

export const FILTERS = {
  q: "",
  status: [] as string[],
  trigger: [] as string[],
  workflow: "",
  version: "",
  period: "",
  from: "",
  to: "",
  cursor: "",
};
export type HistoryFilters = typeof FILTERS;

export const TRIGGER_WORDS: Record<string, string> = {
  api: "Page or API",
  schedule: "Schedule",
  rerun: "Run again",
  test: "Test of a step",
  failure: "Failure of another",
  nested: "Inside another",
  cli: "Command line",
  python: "Python",
  admin: "Admin",
};

const HOUR_MS = 3_600_000;
export const PERIODS: Record<string, { word: string; ms: number }> = {
  "1h": { word: "Last hour", ms: HOUR_MS },
  "24h": { word: "Last 24 hours", ms: 24 * HOUR_MS },
  "7d": { word: "Last 7 days", ms: 7 * 24 * HOUR_MS },
  "30d": { word: "Last 30 days", ms: 30 * 24 * HOUR_MS },
};

export const CHOICES = {
  status: EXECUTION_STATUSES,
  trigger: Object.keys(TRIGGER_WORDS),
  period: [...Object.keys(PERIODS), "custom"],
};

/** Returns the filter as the server takes it, seen from the moment `now` in ms; without the
 * place in the list. */
export function filterOf(filters: HistoryFilters, now: number): Query {
  const span = PERIODS[filters.period];
  const after = span ? new Date(now - span.ms).toISOString() : momentOf(filters, "from");
  return withoutEmpty({
    q: filters.q,
    status: filters.status.join(","),
    trigger: filters.trigger.join(","),
    workflow: filters.workflow,
    version: /^[1-9]\d{0,8}$/.test(filters.version) ? filters.version : "",
    created_after: after,
    created_before: span ? "" : momentOf(filters, "to"),
  });
}

/** Returns the query of the list's address: the filter and the page. */
export function queryOf(filters: HistoryFilters, now: number): Query {
  return { ...filterOf(filters, now), ...withoutEmpty({ cursor: filters.cursor }) };
}

/** Returns the address of a file with the newest 10,000 that fit the filter. */
export function tableAddress(filters: HistoryFilters, now: number): string {
  const query = new URLSearchParams({ format: "csv" });
  for (const [name, value] of Object.entries(filterOf(filters, now))) {
    query.set(name, String(value));
  }
  return `/api/executions/?${query}`;
}

/** Returns whether anything is left out of the list. */
export function isNarrowed(filters: HistoryFilters): boolean {
  return Object.keys(filterOf(filters, 0)).length > 0;
}

// What one types is a moment of this browser's own zone, without its name.
function momentOf(filters: HistoryFilters, name: "from" | "to"): string {
  if (filters.period !== "custom") return "";
  const at = Date.parse(filters[name]);
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}

function withoutEmpty(query: Record<string, string>): Query {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}
