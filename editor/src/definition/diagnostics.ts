/** What the server says is wrong with a document, sorted by who it concerns.  Judges nothing. */
import { type NodeKey, nodeAtPointer } from "./addresses";
import type { DefinitionDoc } from "./document";
import { isWithin } from "./pointer";

export type Severity = "error" | "warning" | "info";

export interface PatchOperation {
  op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  path: string;
  from?: string;
  value?: unknown;
}

export interface Repair {
  label: string;
  patch: PatchOperation[];
}

export interface Diagnostic {
  code: string;
  severity: Severity;
  message: string;
  /** JSON Pointer into the document that was judged. */
  path: string;
  node_id: string | null;
  fix: string | null;
  repairs?: Repair[];
}

/** Returns the problems at a place of the document or inside it. */
export function diagnosticsWithin(all: readonly Diagnostic[], place: string): Diagnostic[] {
  return all.filter((one) => isWithin(one.path, place));
}

/** Returns the problems of each node; under `null` those of the workflow itself. */
export function diagnosticsByNode(
  document: DefinitionDoc,
  all: readonly Diagnostic[],
): ReadonlyMap<NodeKey | null, readonly Diagnostic[]> {
  const found = new Map<NodeKey | null, Diagnostic[]>();
  for (const one of all) {
    const key = nodeAtPointer(document, one.path) ?? one.node_id;
    const list = found.get(key);
    if (list) list.push(one);
    else found.set(key, [one]);
  }
  return found;
}

/** Returns the gravest severity of some problems; `null` of none. */
export function gravest(all: readonly Diagnostic[]): Severity | null {
  const order: readonly Severity[] = ["error", "warning", "info"];
  return order.find((severity) => all.some((one) => one.severity === severity)) ?? null;
}
