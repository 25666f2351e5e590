/**
 * Arranges one graph: edges lead downwards, few of them cross.  Remembers what it arranged, since
 * most of a document stays as it was from one edit to the next.
 */
import type { Position } from "../document";
import { arrangeWithDagre } from "./dagre";
import type { Arrange } from "./layout";
import { arrangeInRows } from "./rows";

/** Larger graphs are arranged in rows of our own: dagre took 37 s for a thousand steps. */
export const MOST_FOR_DAGRE = 120;
const REMEMBERED = 500;
const known = new Map<string, ReadonlyMap<string, Position>>();

/** Returns upper left corners, in whole pixels. */
export const arrange: Arrange = (boxes, edges) => {
  const question = JSON.stringify([boxes, edges]);
  const answer = known.get(question);
  if (answer) return answer;
  const way = boxes.length > MOST_FOR_DAGRE ? arrangeInRows : arrangeWithDagre;
  const placed = way(boxes, edges);
  if (known.size > REMEMBERED) known.clear();
  known.set(question, placed);
  return placed;
};
