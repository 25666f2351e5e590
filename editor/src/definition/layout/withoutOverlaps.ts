/**
 * Documents that were written elsewhere, by agents, importers or hands, often have places where
 * steps cover each other.  Such graphs are arranged anew when they are opened.  Pure.
 */
import { addressesOf, type NodeKey } from "../addresses";
import { withPositions } from "../commands/change";
import { type DefinitionDoc, positionsOf } from "../document";
import { type Arrange, type Box, layoutOf, overlap } from "./layout";

/** Returns `document` without the places of those graphs in which steps would cover each other. */
export function withoutOverlaps(document: DefinitionDoc, arrange: Arrange): DefinitionDoc {
  const stored = positionsOf(document);
  if (Object.keys(stored).length === 0) return document;
  const { boxes } = layoutOf(document, arrange);
  const forgotten = new Map<NodeKey, null>();
  for (const { nodes } of addressesOf(document).scopes.values()) {
    const placed = nodes.flatMap((key): Box[] => {
      const [box, at] = [boxes.get(key), stored[key]];
      return box && at ? [{ ...box, ...at }] : [];
    });
    if (coverEachOther(placed)) for (const key of nodes) forgotten.set(key, null);
  }
  return withPositions(document, forgotten);
}

/** Looks from left to right, so that a thousand boxes that lie apart are told so quickly. */
function coverEachOther(boxes: readonly Box[]): boolean {
  const sorted = [...boxes].sort((one, other) => one.x - other.x);
  return sorted.some((one, at) => {
    for (let next = at + 1; next < sorted.length; next += 1) {
      const other = sorted[next];
      if (!other || other.x >= one.x + one.width) return false;
      if (overlap(one, other)) return true;
    }
    return false;
  });
}
