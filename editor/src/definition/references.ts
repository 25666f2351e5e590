/** Who reads what a node puts out.  Finds readings; changes nothing. */
import type { NodeKey } from "./addresses";
import { type DefinitionDoc, nodesOf, type ScopeDoc } from "./document";
import { stepsReadBy } from "./renaming";
import { readings } from "./sources";

/** Returns who reads each node's output, by its id; `null` is the workflow's own output. */
export function readersByStep(
  document: DefinitionDoc,
): ReadonlyMap<string, ReadonlySet<NodeKey | null>> {
  const found = new Map<string, Set<NodeKey | null>>();
  for (const { key, source } of readings(document)) {
    for (const id of stepsReadBy(source)) {
      const readers = found.get(id);
      if (readers) readers.add(key);
      else found.set(id, new Set([key]));
    }
  }
  return found;
}

/** Returns the ids of all nodes of a graph and of the bodies in it. */
export function idsIn(scope: ScopeDoc): string[] {
  const found: string[] = [];
  const waiting: ScopeDoc[] = [scope];
  for (let here = waiting.pop(); here; here = waiting.pop()) {
    for (const node of nodesOf(here)) {
      found.push(node.id);
      if (typeof node.body === "object" && node.body) waiting.push(node.body as ScopeDoc);
      if (Array.isArray(node.cases)) {
        for (const one of node.cases) if (one?.body) waiting.push(one.body as ScopeDoc);
      }
    }
  }
  return found;
}
