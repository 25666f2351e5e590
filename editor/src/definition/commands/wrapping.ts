/** Putting a selection into a container that is made around it, or out of one.  Ids stay. */
import { type NodeKey, scopesIn } from "../addresses";
import {
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  type NodeDoc,
  nodesOf,
  titleOf,
} from "../document";
import { CommandError, type Edit } from "../edit";
import { freeId, takenIds } from "../ids";
import {
  changeScope,
  entryOf,
  leadsTo,
  scopeEntryOf,
  withEdges,
  withNodes,
  withPositions,
} from "./change";
import { outermost } from "./deleting";

export type Wrapper = "branch" | "loop" | "foreach" | "wait_for_event";

/** Makes a container around nodes of one graph; edges from and to outside go to the container. */
export function wrapNodes(
  document: DefinitionDoc,
  keys: readonly NodeKey[],
  wrapper: Wrapper,
): Edit {
  const chosen = outermost(document, keys).map((key) => entryOf(document, key));
  const first = chosen[0];
  if (!first) throw new CommandError("wrap.nothing", "Select the steps to wrap first.");
  if (chosen.some((entry) => entry.scope !== first.scope)) {
    throw new CommandError("wrap.scopes", "Select steps of one body.");
  }
  const own = new Set(chosen.map((entry) => entry.node));
  const ids = new Set(chosen.map((entry) => entry.node.id));
  const scope = scopeEntryOf(document, first.scope).scope;
  const id = freeId(takenIds(document), wrapper === "foreach" ? "each" : wrapper);
  const outer = edgesOf(scope).map(([a, b]): EdgeDoc => [ids.has(a) ? id : a, ids.has(b) ? id : b]);
  const left = outer.filter(([a, b]) => a !== b);
  for (const [a, b] of left) {
    if (leadsTo(left, b, a)) {
      throw new CommandError(
        "wrap.circle",
        "A step outside stands between the selected ones. Select it too.",
      );
    }
  }
  const inner = edgesOf(scope).filter(([a, b]) => ids.has(a) && ids.has(b));
  const body = { nodes: nodesOf(scope).filter((node) => own.has(node)), edges: inner };
  const container = containerAround(id, wrapper, body);
  const at = nodesOf(scope).indexOf(first.node);
  const made = changeScope(document, first.scope, (old) => {
    const list = nodesOf(old).flatMap((node, index) =>
      index === at ? [container] : own.has(node) ? [] : [node],
    );
    return withEdges(withNodes(old, list), left);
  });
  const places = new Map([...ids].map((one) => [one, null]));
  return {
    document: withPositions(made, places),
    label: `wrap ${ids.size} step${ids.size === 1 ? "" : "s"} in a ${wrapper.replace(/_/g, " ")}`,
    select: [id],
  };
}

/** Replaces a container with one body by what stands in it. */
export function unwrapNode(document: DefinitionDoc, key: NodeKey): Edit {
  const { node, scope } = entryOf(document, key);
  const [body, second] = scopesIn(document, key);
  if (!body || second) {
    throw new CommandError("unwrap.cases", "Only a container with one body can be taken apart.");
  }
  const inner = nodesOf(body.scope);
  const innerEdges = edgesOf(body.scope);
  const starts = inner.filter(({ id }) => !innerEdges.some(([, to]) => to === id));
  const ends = inner.filter(({ id }) => !innerEdges.some(([from]) => from === id));
  const made = changeScope(document, scope, (old) => {
    const list = nodesOf(old).flatMap((one) => (one === node ? inner : [one]));
    const edges = edgesOf(old).flatMap(([a, b]): EdgeDoc[] => {
      if (a === node.id) return ends.map(({ id }): EdgeDoc => [id, b]);
      if (b === node.id) return starts.map(({ id }): EdgeDoc => [a, id]);
      return [[a, b]];
    });
    return withEdges(withNodes(old, list), [...edges, ...innerEdges]);
  });
  const gone = new Map([[node.id, null], ...inner.map(({ id }): [string, null] => [id, null])]);
  return {
    document: withPositions(made, gone),
    label: `take ${titleOf(node)} apart`,
    select: inner.map(({ id }) => id),
  };
}

function containerAround(
  id: string,
  wrapper: Wrapper,
  body: { nodes: NodeDoc[]; edges: EdgeDoc[] },
): NodeDoc {
  switch (wrapper) {
    case "branch":
      return { id, type: "branch", mode: "first", cases: [{ id: "case", when: "true", body }] };
    case "loop":
      return { id, type: "loop", until: "true", max_iterations: 100, body };
    case "foreach":
      return { id, type: "foreach", concurrency: 1, body };
    case "wait_for_event":
      return { id, type: "wait_for_event", event: "event", body };
  }
}
