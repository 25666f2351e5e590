/** Arranges one graph with dagre.  Meant for some dozens of steps: its time grows with their cube. */
import { Graph, layout } from "@dagrejs/dagre";
import type { Position } from "../document";
import { type Arrange, GAP } from "./layout";

/** Returns upper left corners, in whole pixels. */
export const arrangeWithDagre: Arrange = (boxes, edges) => {
  const graph = new Graph();
  graph.setGraph({ rankdir: "TB", nodesep: GAP / 2, ranksep: GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [from, to] of edges) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    boxes.map(({ id, width, height }): [string, Position] => {
      const { x = 0, y = 0 } = graph.node(id) as Partial<Position>;
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
};
