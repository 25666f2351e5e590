/** Large graphs in rows: edges lead downwards and nothing touches. */
import { expect, test } from "vitest";
import { type Random, seeded } from "../testing/randomDocument";
import { type Box, overlap } from "./layout";
import { arrangeInRows } from "./rows";

const boxes = (count: number, random: Random = () => 0.5) =>
  Array.from({ length: count }, (_, at) => ({
    id: `s${at}`,
    width: 100 + Math.round(random() * 300),
    height: 40 + Math.round(random() * 100),
  }));
const edgesOf = (count: number, many: number, random: Random): [string, string][] =>
  Array.from({ length: many }, () => {
    const from = Math.floor(random() * (count - 1));
    const to = from + 1 + Math.floor(random() * (count - from - 1));
    return [`s${from}`, `s${to}`];
  });

test("edges lead downwards and no two boxes touch, on any graph without circles", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed);
    const count = 2 + Math.floor(random() * 25);
    const sized = boxes(count, random);
    const edges = edgesOf(count, Math.floor(random() * 2 * count), random);

    const placed = arrangeInRows(sized, edges);
    const drawn = sized.map((box): Box => ({ ...box, x: 0, y: 0, ...placed.get(box.id) }));

    for (const [at, one] of drawn.entries())
      for (const other of drawn.slice(at + 1))
        expect(overlap(one, other), `seed ${seed}`).toBe(false);
    for (const [from, to] of edges)
      expect(placed.get(from)?.y ?? 0).toBeLessThan(placed.get(to)?.y ?? 0);
  }
});

test("a chain is straight", () => {
  const sized = boxes(5).map((box, at) => ({ ...box, width: 100 + 40 * at }));
  const edges = sized.slice(1).map(({ id }, at): [string, string] => [`s${at}`, id]);

  const placed = arrangeInRows(sized, edges);

  const middles = sized.map(({ id, width }) => (placed.get(id)?.x ?? 0) + width / 2);
  expect(new Set(middles.map(Math.round)).size).toBe(1);
});

test("two ways that part and meet again stand beside each other, evenly about the middle", () => {
  const edges: [string, string][] = [
    ["s0", "s1"],
    ["s0", "s2"],
    ["s1", "s3"],
    ["s2", "s3"],
  ];

  const placed = arrangeInRows(boxes(4), edges);

  expect(placed.get("s1")?.y).toBe(placed.get("s2")?.y);
  expect(placed.get("s0")?.x).toBe(placed.get("s3")?.x);
  const sum = (placed.get("s1")?.x ?? 0) + (placed.get("s2")?.x ?? 0);
  expect(Math.abs(sum - 2 * (placed.get("s0")?.x ?? 0))).toBeLessThanOrEqual(2);
});

test("an edge that passes a step goes beside it and not behind it", () => {
  const placed = arrangeInRows(boxes(3), [
    ["s0", "s1"],
    ["s1", "s2"],
    ["s0", "s2"],
  ]);

  expect(placed.get("s1")?.x).not.toBe(placed.get("s0")?.x);
});

test("a circle and edges to nowhere are drawn all the same", () => {
  const placed = arrangeInRows(boxes(3), [
    ["s0", "s1"],
    ["s1", "s0"],
    ["s1", "s1"],
    ["s2", "gone"],
  ]);

  expect(placed.size).toBe(3);
});

test("many steps without edges make rows, not one endless line", () => {
  const placed = arrangeInRows(boxes(100), []);

  expect(Math.max(...[...placed.values()].map(({ x }) => x))).toBeLessThan(3_000);
});
