/** Pasting a fragment, duplicating nodes, cutting.  Ids are made free; nothing else is changed. */
import { addressesOf, type NodeKey, type ScopeKey } from "../addresses";
import { type DefinitionDoc, edgesOf, nodesOf, type Position, positionsOf } from "../document";
import type { Edit } from "../edit";
import { idsIn } from "../everyNode";
import { type Fragment, fragmentOf, withFreeIds } from "../fragment";
import { takenIds } from "../ids";
import { stepsReadBy } from "../renaming";
import { readings } from "../sources";
import { changeScope, withEdges, withNodes, withPositions } from "./change";
import { rounded } from "./inserting";

/** Adds a fragment to a graph; `at` is where its upper left corner comes to stand. */
export function pasteFragment(
  document: DefinitionDoc,
  fragment: Fragment,
  { scope = "", at }: { scope?: ScopeKey; at?: Position } = {},
): Edit {
  const made = withFreeIds(fragment, takenIds(document));
  const pasted = changeScope(document, scope, (old) =>
    withEdges(withNodes(old, [...nodesOf(old), ...made.nodes]), [...edgesOf(old), ...made.edges]),
  );
  const keys = made.nodes.map((node) => node.id);
  const count = `${keys.length} step${keys.length === 1 ? "" : "s"}`;
  return {
    document: withPositions(pasted, placed(pasted, made, at)),
    label: `paste ${count}`,
    select: keys,
    notes: missingNotes(document, made),
  };
}

/** Adds copies of nodes beside them. */
export function duplicateNodes(document: DefinitionDoc, keys: readonly NodeKey[]): Edit {
  const fragment = fragmentOf(document, keys);
  const first = fragment.nodes[0];
  const scope = first ? addressesOf(document).nodes.get(first.id)?.scope : undefined;
  const corner = cornerOf(fragment);
  const at = corner ? { x: corner.x + 40, y: corner.y + 40 } : undefined;
  const edit = pasteFragment(document, fragment, { scope: scope ?? "", at });
  return { ...edit, label: edit.label.replace("paste", "duplicate"), notes: [] };
}

function placed(
  document: DefinitionDoc,
  { nodes, positions }: Fragment,
  at: Position | undefined,
): Map<string, Position> {
  const corner = cornerOf({ nodes, edges: [], positions });
  const own = new Set(nodes.map((node) => node.id));
  // A graph without any position is laid out by itself, and stays so.
  const placesNodes = at !== undefined && Object.keys(positionsOf(document)).length > 0;
  const places = new Map<string, Position>();
  for (const [id, position] of Object.entries(positions)) {
    if (!own.has(id)) places.set(id, position);
    else if (placesNodes && corner && at) {
      const moved = { x: position.x - corner.x + at.x, y: position.y - corner.y + at.y };
      places.set(id, rounded(moved));
    }
  }
  return places;
}

function cornerOf({ nodes, positions }: Fragment): Position | null {
  const own = nodes.flatMap((node) => positions[node.id] ?? []);
  if (own.length === 0) return null;
  return { x: Math.min(...own.map(({ x }) => x)), y: Math.min(...own.map(({ y }) => y)) };
}

function missingNotes(document: DefinitionDoc, { nodes, edges }: Fragment): string[] {
  const there = new Set([...takenIds(document), ...idsIn({ nodes })]);
  const read = readings({ name: "", nodes, edges }).flatMap(({ source }) => [
    ...stepsReadBy(source),
  ]);
  const missing = [...new Set(read)].filter((id) => !there.has(id));
  return missing.length === 0 ? [] : [`Not in this workflow: ${missing.join(", ")}.`];
}
