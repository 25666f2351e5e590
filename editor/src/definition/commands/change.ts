/** Changing one graph, node or position of a document; everything beside is shared. */
import { addressesOf, type NodeKey, type ScopeKey } from "../addresses";
import {
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  type NodeDoc,
  nodesOf,
  type Position,
  positionsOf,
  type ScopeDoc,
} from "../document";
import { CommandError } from "../edit";
import { changeAt, withField } from "../pointer";

/** Returns `document` with the graph at `key` changed. */
export function changeScope(
  document: DefinitionDoc,
  key: ScopeKey,
  change: (scope: ScopeDoc) => ScopeDoc,
): DefinitionDoc {
  const entry = addressesOf(document).scopes.get(key);
  if (!entry) throw new CommandError("scope.unknown", `There is no body ${JSON.stringify(key)}.`);
  return changeAt(document, entry.place, (old) => change((old ?? {}) as ScopeDoc));
}

/** Returns `document` with the node at `key` changed. */
export function changeNode(
  document: DefinitionDoc,
  key: NodeKey,
  change: (node: NodeDoc) => NodeDoc,
): DefinitionDoc {
  const entry = entryOf(document, key);
  return changeAt(document, entry.place, (old) => change(old as NodeDoc));
}

/** Returns where the node at `key` stands; refuses one that is not there. */
export function entryOf(document: DefinitionDoc, key: NodeKey) {
  const entry = addressesOf(document).nodes.get(key);
  if (!entry) throw new CommandError("node.unknown", `There is no step ${JSON.stringify(key)}.`);
  return entry;
}

/** Returns where the graph at `key` stands; refuses one that is not there. */
export function scopeEntryOf(document: DefinitionDoc, key: ScopeKey) {
  const entry = addressesOf(document).scopes.get(key);
  if (!entry) throw new CommandError("scope.unknown", `There is no body ${JSON.stringify(key)}.`);
  return entry;
}

/** Returns `scope` with these nodes. */
export function withNodes<T extends ScopeDoc>(scope: T, nodes: readonly NodeDoc[]): T {
  return sameItems(nodes, nodesOf(scope)) ? scope : withField(scope, "nodes", nodes);
}

/** Returns `scope` with these edges, each once. */
export function withEdges<T extends ScopeDoc>(scope: T, edges: readonly EdgeDoc[]): T {
  const seen = new Set<string>();
  const once = edges.filter((edge) => {
    const text = JSON.stringify(edge);
    return seen.has(text) ? false : seen.add(text);
  });
  return sameItems(once, edgesOf(scope)) ? scope : withField(scope, "edges", once);
}

/** Returns `document` with the positions given; `null` takes one away. */
export function withPositions(
  document: DefinitionDoc,
  changes: ReadonlyMap<string, Position | null>,
): DefinitionDoc {
  const old = positionsOf(document);
  let made = old;
  for (const [id, position] of changes) {
    const at = made[id];
    if (position && at && at.x === position.x && at.y === position.y) continue;
    made = withField(made, id, position ?? undefined);
  }
  if (made === old) return document;
  return withField(document, "ui", withField(document.ui ?? {}, "positions", made));
}

/** Returns whether a path of edges leads from `from` to `to`, in one graph. */
export function leadsTo(edges: readonly EdgeDoc[], from: string, to: string): boolean {
  const after = new Map<string, string[]>();
  for (const [one, other] of edges) {
    const list = after.get(one);
    if (list) list.push(other);
    else after.set(one, [other]);
  }
  const seen = new Set<string>([from]);
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id === to) return true;
    for (const next of after.get(id) ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return false;
}

function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
