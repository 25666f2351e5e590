/** Arranges one graph in rows, in a time that grows little faster than the graph. */
import type { Position } from "../document";
import { columnsOf } from "./columns";
import { type Link, layersOf } from "./layers";
import { type Arrange, GAP } from "./layout";

/** Room that an edge takes on its way past a row. */
const EDGE_WIDTH = 16;

/** Returns upper left corners, in whole pixels. */
export const arrangeInRows: Arrange = (boxes, edges) => {
  const numbers = new Map(boxes.map(({ id }, index) => [id, index]));
  const links = edges.flatMap(([from, to]): Link[] => {
    const [one, other] = [numbers.get(from), numbers.get(to)];
    return one === undefined || other === undefined || one === other ? [] : [[one, other]];
  });
  const layers = layersOf(boxes.length, links);
  const widthOf = (item: number) => boxes[item]?.width ?? EDGE_WIDTH;
  const columns = columnsOf(layers, widthOf, (item) => item >= boxes.length, GAP / 2);
  const placed = new Map<string, Position>();
  let y = 0;
  for (const row of layers.rows) {
    let height = 0;
    for (const item of row) {
      const box = boxes[item];
      if (!box) continue;
      placed.set(box.id, { x: Math.round((columns[item] ?? 0) - box.width / 2), y });
      height = Math.max(height, box.height);
    }
    y += height + GAP;
  }
  return placed;
};
