/** Edges.  Refuses those that cross into another body, close a circle or stand there already. */
import { type NodeKey, neighbours, scopesIn } from "../addresses";
import { type DefinitionDoc, type EdgeDoc, edgesOf, titleOf } from "../document";
import { CommandError, type Edit } from "../edit";
import { changeScope, entryOf, leadsTo, scopeEntryOf, withEdges } from "./change";

/** Returns why no edge can go from one node to another, as a sentence; `null` if one can. */
export function whyNotConnect(document: DefinitionDoc, from: NodeKey, to: NodeKey): string | null {
  const [source, target] = [entryOf(document, from), entryOf(document, to)];
  if (from === to) return "A step cannot wait for itself.";
  if (source.scope !== target.scope) {
    return "An edge joins two steps of the same body. Draw it to or from the container.";
  }
  const edges = edgesOf(scopeEntryOf(document, source.scope).scope);
  const [one, other] = [source.node.id, target.node.id];
  if (edges.some(([a, b]) => a === one && b === other)) return "They are connected already.";
  if (leadsTo(edges, other, one)) {
    return "The steps would wait for each other. Use a loop to repeat steps.";
  }
  return null;
}

/** Draws an edge. */
export function connect(document: DefinitionDoc, from: NodeKey, to: NodeKey): Edit {
  const refusal = whyNotConnect(document, from, to);
  if (refusal) throw new CommandError("edge.refused", refusal);
  const [source, target] = [entryOf(document, from), entryOf(document, to)];
  const edge: EdgeDoc = [source.node.id, target.node.id];
  const made = changeScope(document, source.scope, (scope) =>
    withEdges(scope, [...edgesOf(scope), edge]),
  );
  return {
    document: made,
    label: `connect ${titleOf(source.node)} to ${titleOf(target.node)}`,
    notes: inputNotes(document, to),
  };
}

/** Takes an edge away. */
export function disconnect(document: DefinitionDoc, from: NodeKey, to: NodeKey): Edit {
  const [source, target] = [entryOf(document, from), entryOf(document, to)];
  const made = changeScope(document, source.scope, (scope) =>
    withEdges(
      scope,
      edgesOf(scope).filter(([a, b]) => a !== source.node.id || b !== target.node.id),
    ),
  );
  return {
    document: made,
    label: `disconnect ${titleOf(source.node)} from ${titleOf(target.node)}`,
  };
}

/** Returns the nodes that an edge from `key` could go to. */
export function possibleTargets(document: DefinitionDoc, key: NodeKey): NodeKey[] {
  const { scope, node } = entryOf(document, key);
  const graph = scopeEntryOf(document, scope);
  const edges = edgesOf(graph.scope);
  const refused = new Set([node.id, ...leadingTo(edges, node.id)]);
  for (const [from, to] of edges) if (from === node.id) refused.add(to);
  return graph.nodes.filter((other) => !refused.has(entryOf(document, other).node.id));
}

/** Returns the nodes from which a path leads to `id`: an edge to one of them would close a circle. */
function leadingTo(edges: readonly EdgeDoc[], id: string): Set<string> {
  const before = new Map<string, string[]>();
  for (const [from, to] of edges) {
    const list = before.get(to);
    if (list) list.push(from);
    else before.set(to, [from]);
  }
  const found = new Set<string>();
  const waiting = [id];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const from of before.get(one) ?? []) {
      if (found.has(from)) continue;
      found.add(from);
      waiting.push(from);
    }
  }
  return found;
}

function inputNotes(document: DefinitionDoc, to: NodeKey): string[] {
  const { node } = entryOf(document, to);
  const { before } = neighbours(document, to);
  // With a second predecessor a mapping comes in where a plain value did.
  const reads = node.input == null && before.length === 1 && scopesIn(document, to).length === 0;
  if (!reads) return [];
  return [`${titleOf(node)} now receives an object with one field for each step before it.`];
}
