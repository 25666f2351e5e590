/**
 * Arranges one graph with dagre: edges lead downwards, few of them cross.  Remembers what it
 * arranged, since most of a document stays as it was from one edit to the next.
 */
import { Graph, layout } from "@dagrejs/dagre";
import type { Position } from "../document";
import { type Arrange, GAP } from "./layout";

/** From so many nodes on the quick way to rank them is taken. */
const MANY = 200;
const REMEMBERED = 500;
const known = new Map<string, ReadonlyMap<string, Position>>();

/** Returns upper left corners, by dagre. */
export const arrangeWithDagre: Arrange = (boxes, edges) => {
  const question = JSON.stringify([boxes, edges]);
  const answer = known.get(question);
  if (answer) return answer;
  const graph = new Graph({ multigraph: false });
  graph.setGraph({
    rankdir: "TB",
    nodesep: GAP / 2,
    ranksep: GAP,
    ranker: boxes.length > MANY ? "longest-path" : "network-simplex",
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [from, to] of edges) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  const placed = new Map(
    boxes.map(({ id, width, height }): [string, Position] => {
      const { x = 0, y = 0 } = graph.node(id) as Partial<Position>;
      return [id, { x: Math.round(x - width / 2), y: Math.round(y - height / 2) }];
    }),
  );
  if (known.size > REMEMBERED) known.clear();
  known.set(question, placed);
  return placed;
};
