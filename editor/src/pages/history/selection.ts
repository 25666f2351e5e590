/** Which executions are chosen for a command: some rows, or all that the filter leaves.  Pure. */
import type { Query } from "@/api/call";
import type { Chosen } from "@/api/executions";

export type Selected = { kind: "rows"; ids: ReadonlySet<string> } | { kind: "all" };

export const NONE: Selected = { kind: "rows", ids: new Set() };

/** Returns whether nothing is chosen. */
export function isNone(selected: Selected): boolean {
  return selected.kind === "rows" && selected.ids.size === 0;
}

/** Returns whether the row of this id is chosen. */
export function has(selected: Selected, id: string): boolean {
  return selected.kind === "all" || selected.ids.has(id);
}

/** Returns the choice with one row the other way; out of "all" it leaves the rest of the page. */
export function toggled(selected: Selected, id: string, page: readonly string[]): Selected {
  const ids = new Set(selected.kind === "all" ? page : selected.ids);
  if (ids.has(id)) ids.delete(id);
  else ids.add(id);
  return { kind: "rows", ids };
}

/** Returns the choice with all rows of a page in it, or none of them. */
export function withPage(selected: Selected, page: readonly string[], chosen: boolean): Selected {
  const ids = new Set(selected.kind === "all" ? [] : selected.ids);
  for (const id of page) {
    if (chosen) ids.add(id);
    else ids.delete(id);
  }
  return { kind: "rows", ids };
}

/** Returns the choice as the server takes it. */
export function chosenOf(selected: Selected, filter: Query): Chosen {
  return selected.kind === "all" ? { filter } : { ids: [...selected.ids] };
}
