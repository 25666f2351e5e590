/** How the list of workflows can be narrowed. */
import type { Query } from "@/api/call";

export const FILTERS = { q: "", source: "", status: "", archived: "", sort: "updated", cursor: "" };
export type WorkflowFilters = typeof FILTERS;

export const CHOICES = {
  source: ["drawn", "python"],
  status: ["ok", "warnings", "errors"],
  archived: ["true"],
  sort: ["updated", "name"],
};

/** Returns the query of the list's address. */
export function queryOf(filters: WorkflowFilters): Query {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));
}

/** Returns whether anything is left out of the list. */
export function isNarrowed({ q, source, status }: WorkflowFilters): boolean {
  return Boolean(q || source || status);
}
