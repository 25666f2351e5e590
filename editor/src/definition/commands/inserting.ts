/** Putting new nodes into a graph: alone, behind or before another, or onto an edge. */
import type { NodeKey, ScopeKey } from "../addresses";
import {
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  type NodeDoc,
  nodesOf,
  type Position,
  titleOf,
} from "../document";
import { CommandError, type Edit } from "../edit";
import { freeId, isValidId, takenIds } from "../ids";
import { changeScope, entryOf, withEdges, withNodes, withPositions } from "./change";

export interface Insertion {
  node: NodeDoc;
  /** Into which graph, where no other node says so; the workflow's own if nothing is said. */
  scope?: ScopeKey;
  /** Behind this node: it takes over the edges that leave it. */
  after?: NodeKey;
  /** Before this node: it takes over the edges that reach it. */
  before?: NodeKey;
  /** Onto this edge. */
  on?: readonly [NodeKey, NodeKey];
  /** Behind this node, beside what follows already. */
  beside?: NodeKey;
  /** Where it is drawn, relative to its graph; worked out if not given. */
  position?: Position;
}

/** Inserts a node; its id is changed where that is taken or cannot be one. */
export function insertNode(document: DefinitionDoc, insertion: Insertion): Edit {
  const anchor = insertion.on?.[0] ?? insertion.after ?? insertion.before ?? insertion.beside;
  const scope = anchor === undefined ? (insertion.scope ?? "") : entryOf(document, anchor).scope;
  if (insertion.on && entryOf(document, insertion.on[1]).scope !== scope) {
    throw new CommandError("edge.unknown", "That edge is gone. Insert behind a step instead.");
  }
  const wanted = isValidId(insertion.node.id) ? insertion.node.id : "step";
  const id = freeId(takenIds(document), wanted);
  const node = { ...insertion.node, id };
  let made = changeScope(document, scope, (old) => {
    const edges = edgesAround(document, edgesOf(old), insertion, id);
    const list = [...nodesOf(old)];
    list.splice(placeFor(document, list, insertion), 0, node);
    return withEdges(withNodes(old, list), edges);
  });
  if (insertion.position) made = withPositions(made, new Map([[id, rounded(insertion.position)]]));
  return { document: made, label: `add ${titleOf(node)}`, select: [id] };
}

/** Returns a position in whole pixels, which is what a person can tell apart. */
export function rounded({ x, y }: Position): Position {
  return { x: Math.round(x), y: Math.round(y) };
}

function edgesAround(
  document: DefinitionDoc,
  edges: readonly EdgeDoc[],
  insertion: Insertion,
  id: string,
): EdgeDoc[] {
  const idOf = (key: NodeKey) => entryOf(document, key).node.id;
  if (insertion.on) {
    const [from, to] = [idOf(insertion.on[0]), idOf(insertion.on[1])];
    const others = edges.filter(([a, b]) => a !== from || b !== to);
    return [...others, [from, id], [id, to]];
  }
  if (insertion.after !== undefined) {
    const from = idOf(insertion.after);
    return [...edges.map(([a, b]): EdgeDoc => (a === from ? [id, b] : [a, b])), [from, id]];
  }
  if (insertion.before !== undefined) {
    const to = idOf(insertion.before);
    return [...edges.map(([a, b]): EdgeDoc => (b === to ? [a, id] : [a, b])), [id, to]];
  }
  if (insertion.beside !== undefined) return [...edges, [idOf(insertion.beside), id]];
  return [...edges];
}

/** The order of a document is the order in which outputs are keyed and steps are listed. */
function placeFor(
  document: DefinitionDoc,
  nodes: readonly NodeDoc[],
  insertion: Insertion,
): number {
  const at = (key: NodeKey) => nodes.indexOf(entryOf(document, key).node);
  const behind = insertion.on?.[0] ?? insertion.after ?? insertion.beside;
  if (behind !== undefined) return at(behind) + 1;
  if (insertion.before !== undefined) return at(insertion.before);
  return nodes.length;
}
