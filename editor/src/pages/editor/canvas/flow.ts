/** A document as the canvas library wants it: flat nodes with parents, and edges.  Pure. */
import type { Edge, Node } from "@xyflow/react";
import { addressesOf, type NodeKey, type ScopeKey } from "@/definition/addresses";
import { type DefinitionDoc, edgesOf, isContainer, titleOf } from "@/definition/document";
import type { Layout } from "@/definition/layout/layout";
import type { Route } from "@/definition/layout/routes";

export type FlowNode = Node<{ nodeKey: NodeKey }, "step" | "container">;
export type FlowEdge = Edge<{ scope: ScopeKey; route: Route | null }, "insertable">;

/** Returns the nodes, a container before what stands in it; those of `before` that did not change
 * are handed on as they are, so that the canvas draws nothing twice. */
export function flowNodes(
  document: DefinitionDoc,
  layout: Layout,
  before: ReadonlyMap<NodeKey, FlowNode> = new Map(),
): FlowNode[] {
  const made: FlowNode[] = [];
  for (const { key, node } of addressesOf(document).nodes.values()) {
    const box = layout.boxes.get(key);
    if (!box) continue;
    const parentId = layout.holders.get(key);
    const old = before.get(key);
    const type = isContainer(node) ? "container" : "step";
    const same =
      old &&
      old.type === type &&
      old.parentId === parentId &&
      old.position.x === box.x &&
      old.position.y === box.y &&
      old.width === box.width &&
      old.height === box.height &&
      old.ariaLabel === labelOf(type, titleOf(node));
    made.push(
      same
        ? old
        : {
            id: key,
            type,
            position: { x: box.x, y: box.y },
            width: box.width,
            height: box.height,
            ...(parentId === undefined ? {} : { parentId }),
            data: { nodeKey: key },
            ariaLabel: labelOf(type, titleOf(node)),
          },
    );
  }
  return made;
}

/** Returns the edges of all graphs of the document, those of `before` that did not change as they
 * are. */
export function flowEdges(
  document: DefinitionDoc,
  routes: ReadonlyMap<string, Route>,
  before: ReadonlyMap<string, FlowEdge> = new Map(),
): FlowEdge[] {
  const { nodes, scopes } = addressesOf(document);
  return [...scopes.values()].flatMap(({ key: scope, scope: graph }) =>
    edgesOf(graph)
      .filter(([from, to]) => nodes.has(from) && nodes.has(to))
      .map(([source, target]): FlowEdge => {
        const id = edgeId(source, target);
        const ariaLabel = `From ${titleAt(document, source)} to ${titleAt(document, target)}`;
        const old = before.get(id);
        const route = routes.get(id) ?? null;
        const same =
          old?.ariaLabel === ariaLabel && old.data?.scope === scope && old.data.route === route;
        if (same) return old;
        return { id, source, target, type: "insertable", data: { scope, route }, ariaLabel };
      }),
  );
}

/** Returns the id of the edge between two nodes. */
export function edgeId(from: NodeKey, to: NodeKey): string {
  return `${from}→${to}`;
}

function labelOf(type: string, title: string): string {
  return type === "container" ? `${title}, a container` : title;
}

function titleAt(document: DefinitionDoc, key: NodeKey): string {
  const entry = addressesOf(document).nodes.get(key);
  return entry ? titleOf(entry.node) : key;
}
