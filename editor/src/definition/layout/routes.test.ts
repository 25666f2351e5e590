/** The way of an edge round what stands between its ends. */
import { expect, test } from "vitest";
import type { Position } from "../document";
import type { Box } from "./layout";
import { pathThrough, type Route, routeBetween } from "./routes";

const box = (x: number, y: number, width = 200, height = 60): Box => ({ x, y, width, height });

function segments(source: Box, route: Route): [Position, Position][] {
  const start = { x: source.x + source.width / 2, y: source.y + source.height };
  const points = [{ x: 0, y: 0 }, ...route.corners, route.end];
  const all = points.map(({ x, y }) => ({ x: x + start.x, y: y + start.y }));
  return all.slice(1).map((point, at): [Position, Position] => [all[at] ?? point, point]);
}

function crosses([one, other]: [Position, Position], { x, y, width, height }: Box): boolean {
  return (
    Math.min(one.x, other.x) < x + width &&
    Math.max(one.x, other.x) > x &&
    Math.min(one.y, other.y) < y + height &&
    Math.max(one.y, other.y) > y
  );
}

test("an edge that nothing stands in the way of is left as it is", () => {
  expect(routeBetween(box(0, 0), box(300, 200), [])).toBeNull();
  expect(routeBetween(box(0, 0), box(0, 400), [box(900, 150)])).toBeNull();
});

test("an edge goes round what stands between its ends, by the nearer side", () => {
  const [source, target, other] = [box(0, 0), box(0, 600), box(-50, 108, 400, 400)];

  const route = routeBetween(source, target, [other]);

  expect(route).not.toBeNull();
  if (!route) return;
  for (const segment of segments(source, route)) expect(crosses(segment, other)).toBe(false);
  expect(route.corners[1]?.x).toBeLessThan(0);
});

test("an edge turns between rows and not across a taller neighbour", () => {
  const [source, target] = [box(0, 0), box(600, 500)];
  const neighbour = box(300, 0, 200, 400);

  const route = routeBetween(source, target, [neighbour]);

  expect(route).not.toBeNull();
  if (!route) return;
  for (const segment of segments(source, route)) expect(crosses(segment, neighbour)).toBe(false);
});

test("an edge that leads upwards is left as it is", () => {
  expect(routeBetween(box(0, 500), box(0, 0), [box(0, 200)])).toBeNull();
});

test("a path is rounded at its corners, and its middle lies on it", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0, y: 100 },
    { x: 100, y: 100 },
  ];

  expect(pathThrough(points, 10)).toEqual({
    path: "M0 0L0 90Q0 100 10 100L100 100",
    middle: { x: 0, y: 100 },
  });
});
