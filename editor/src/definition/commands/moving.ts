/** Moving nodes into a body, out of it, or to another place of the canvas.  Keeps every id. */
import { addressesOf, holdersOf, type NodeKey, type ScopeKey } from "../addresses";
import {
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  nodesOf,
  type Position,
  titleOf,
} from "../document";
import { CommandError, type Edit } from "../edit";
import { changeScope, entryOf, scopeEntryOf, withEdges, withNodes, withPositions } from "./change";
import { outermost } from "./deleting";
import { rounded } from "./inserting";

/** The most bodies in each other that the server reads. */
export const MAX_DEPTH = 20;

/** Returns why nodes cannot move into a graph, as a sentence; `null` if they can. */
export function whyNotMove(
  document: DefinitionDoc,
  keys: readonly NodeKey[],
  scope: ScopeKey,
): string | null {
  const { holder, depth } = scopeEntryOf(document, scope);
  if (holder === null) return null;
  const around = new Set([holder, ...holdersOf(document, holder)]);
  if (keys.some((key) => around.has(key))) return "A step cannot move into itself.";
  const deepest = Math.max(0, ...keys.map((key) => depthIn(document, key)));
  return depth + deepest > MAX_DEPTH ? `Bodies stand at most ${MAX_DEPTH} in each other.` : null;
}

/** Moves nodes into a graph; edges among them come along, others are closed behind them. */
export function moveNodes(
  document: DefinitionDoc,
  keys: readonly NodeKey[],
  scope: ScopeKey,
  positions: ReadonlyMap<NodeKey, Position> = new Map(),
): Edit {
  const moved = outermost(document, keys);
  const refusal = whyNotMove(document, moved, scope);
  if (refusal) throw new CommandError("move.refused", refusal);
  const entries = moved.map((key) => entryOf(document, key)).filter((one) => one.scope !== scope);
  const ids = new Set(entries.map((entry) => entry.node.id));
  const along: EdgeDoc[] = [];
  const left: string[] = [];
  const target = scopeEntryOf(document, scope).place;
  let made = document;
  for (const from of new Set(entries.map((entry) => entry.scope))) {
    const own = new Set(entries.filter((one) => one.scope === from).map((one) => one.node));
    const ownIds = new Set([...own].map((node) => node.id));
    made = changeScope(made, from, (old) => {
      const edges = edgesOf(old);
      along.push(...edges.filter(([a, b]) => ownIds.has(a) && ownIds.has(b)));
      left.push(...edges.filter(([a, b]) => ownIds.has(a) !== ownIds.has(b)).map(String));
      const nodes = nodesOf(old).filter((node) => !own.has(node));
      return withEdges(withNodes(old, nodes), bridged(edges, ownIds));
    });
  }
  // Taking nodes out may have moved the target in its list, but not its address: ids stay.
  made = changeScope(made, scope, (old) =>
    withEdges(withNodes(old, [...nodesOf(old), ...entries.map((entry) => entry.node)]), [
      ...edgesOf(old),
      ...along,
    ]),
  );
  const places = new Map<string, Position | null>([...ids].map((id) => [id, null]));
  for (const [key, at] of positions) places.set(key, rounded(at));
  made = withPositions(made, places);
  const first = entries[0];
  const what = entries.length === 1 && first ? titleOf(first.node) : `${entries.length} steps`;
  const where = target.length === 0 ? "out" : `into ${holderTitle(document, scope)}`;
  const notes = left.length > 0 ? ["Edges to steps that stayed behind were closed."] : [];
  return { document: made, label: `move ${what} ${where}`, select: moved, notes };
}

/** Sets where nodes are drawn, relative to their graph; `null` lets the layout choose. */
export function setPositions(
  document: DefinitionDoc,
  positions: ReadonlyMap<NodeKey, Position | null>,
): Edit {
  const known = [...positions].filter(([key]) => addressesOf(document).nodes.has(key));
  const changes = new Map(known.map(([key, at]) => [key, at && rounded(at)]));
  return {
    document: withPositions(document, changes),
    label: changes.size === 1 ? "move a step" : `move ${changes.size} steps`,
  };
}

/** Forgets where nodes are drawn, so that the layout places them all. */
export function tidy(document: DefinitionDoc): Edit {
  const keys = addressesOf(document).nodes.keys();
  const made = withPositions(document, new Map([...keys].map((key) => [key, null])));
  return { document: made, label: "tidy the canvas" };
}

/** Changes the order of steps in the document, which is the order of lists and of outputs. */
export function reorderNode(document: DefinitionDoc, key: NodeKey, by: -1 | 1): Edit {
  const { node, scope } = entryOf(document, key);
  const made = changeScope(document, scope, (old) => {
    const list = [...nodesOf(old)];
    const from = list.indexOf(node);
    const to = from + by;
    if (to < 0 || to >= list.length) return old;
    list.splice(from, 1);
    list.splice(to, 0, node);
    return withNodes(old, list);
  });
  return { document: made, label: `move ${titleOf(node)} ${by < 0 ? "up" : "down"}` };
}

function bridged(edges: readonly EdgeDoc[], gone: ReadonlySet<string>): EdgeDoc[] {
  let left = [...edges];
  for (const id of gone) {
    const before = left.filter(([, to]) => to === id).map(([from]) => from);
    const after = left.filter(([from]) => from === id).map(([, to]) => to);
    left = left.filter(([from, to]) => from !== id && to !== id);
    for (const from of before) for (const to of after) if (from !== to) left.push([from, to]);
  }
  return left;
}

function holderTitle(document: DefinitionDoc, scope: ScopeKey): string {
  const { holder } = scopeEntryOf(document, scope);
  return holder === null ? "the workflow" : titleOf(entryOf(document, holder).node);
}

function depthIn(document: DefinitionDoc, key: NodeKey): number {
  const { nodes, scopes } = addressesOf(document);
  const own = scopes.get(nodes.get(key)?.scope ?? "")?.depth ?? 0;
  let deepest = 0;
  for (const scope of scopes.values()) {
    if (scope.holder === null) continue;
    const inside = scope.holder === key || holdersOf(document, scope.holder).includes(key);
    if (inside) deepest = Math.max(deepest, scope.depth - own);
  }
  return deepest;
}
