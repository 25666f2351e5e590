/** Who reads what a node puts out.  Finds readings; changes nothing. */
import type { NodeKey } from "./addresses";
import type { DefinitionDoc } from "./document";
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
