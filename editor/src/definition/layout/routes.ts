/**
 * How edges go round steps that stand between their ends.  Pure; an edge that is in nobody's way is
 * left to the canvas, and so is one that leads upwards.
 */
import { addressesOf, type NodeKey } from "../addresses";
import { type DefinitionDoc, type EdgeDoc, edgesOf, type Position } from "../document";
import { type Box, GAP, type Layout } from "./layout";

/** The corners of an edge, relative to where it leaves its source. */
export interface Route {
  readonly corners: readonly Position[];
  /** Where it reaches its target, by which one sees whether an end was moved since. */
  readonly end: Position;
}

/** Room between an edge and what it goes round. */
const SIDE = 14;
/** How far from its ends an edge turns. */
const TURN = GAP / 2;
const HIT = 1_000_000;
/** So many ways round are tried, those nearest to the straight one. */
const MOST_WAYS = 40;

interface Known {
  boxes: readonly (Box | undefined)[];
  routes: ReadonlyMap<string, Route>;
}

/** The routes of a graph's edges, as long as its boxes stay where they are. */
const known = new WeakMap<readonly EdgeDoc[], Known>();

/** Returns the route of each edge that needs one, by "from→to". */
export function routesOf(document: DefinitionDoc, { boxes }: Layout): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  for (const { scope, nodes } of addressesOf(document).scopes.values()) {
    const edges = edgesOf(scope);
    const own = nodes.map((key) => boxes.get(key));
    const before = known.get(edges);
    const found =
      before && sameBoxes(before.boxes, own) ? before.routes : routesIn(edges, nodes, own);
    known.set(edges, { boxes: own, routes: found });
    for (const [edge, route] of found) routes.set(edge, route);
  }
  return routes;
}

function routesIn(
  edges: readonly EdgeDoc[],
  nodes: readonly NodeKey[],
  boxes: readonly (Box | undefined)[],
): Map<string, Route> {
  const routes = new Map<string, Route>();
  const at = new Map(nodes.map((key, index) => [key, boxes[index]]));
  const sorted = boxes.flatMap((box) => box ?? []).sort((one, other) => one.y - other.y);
  const tallest = Math.max(0, ...sorted.map(({ height }) => height));
  for (const [from, to] of edges) {
    const [source, target] = [at.get(from), at.get(to)];
    if (!source || !target) continue;
    const route = routeBetween(source, target, between(sorted, tallest, source, target));
    if (route) routes.set(`${from}→${to}`, route);
  }
  return routes;
}

function sameBoxes(one: Known["boxes"], other: Known["boxes"]): boolean {
  return (
    one.length === other.length &&
    one.every((box, at) => {
      const now = other[at];
      return (
        box?.x === now?.x &&
        box?.y === now?.y &&
        box?.width === now?.width &&
        box?.height === now?.height
      );
    })
  );
}

/** Returns the way round `others`; `null` where the plain way touches none of them. */
export function routeBetween(source: Box, target: Box, others: readonly Box[]): Route | null {
  const start = { x: source.x + source.width / 2, y: source.y + source.height };
  const end = { x: target.x + target.width / 2, y: target.y };
  if (others.length === 0 || end.y - start.y < GAP / 4) return null;
  const middle = (start.y + end.y) / 2;
  const plain = [
    { x: start.x, y: middle },
    { x: end.x, y: middle },
  ];
  let best = { corners: plain, cost: costOf([start, ...plain, end], others) };
  if (best.cost < HIT) return null;
  const turn = Math.min(TURN, (end.y - start.y) / 2);
  const [top, bottom] = [start.y + turn, end.y - turn];
  const straight = (start.x + end.x) / 2;
  const sides = others.flatMap(({ x, width }) => [x - SIDE, x + width + SIDE]);
  const ways = [start.x, end.x, ...sides]
    .sort((one, other) => Math.abs(one - straight) - Math.abs(other - straight))
    .slice(0, MOST_WAYS);
  for (const x of ways) {
    const corners = [
      { x: start.x, y: top },
      { x, y: top },
      { x, y: bottom },
      { x: end.x, y: bottom },
    ];
    const cost = costOf([start, ...corners, end], others);
    if (cost < best.cost) best = { corners, cost };
  }
  if (best.corners === plain) return null;
  return {
    corners: best.corners.map(({ x, y }) => ({ x: x - start.x, y: y - start.y })),
    end: { x: end.x - start.x, y: end.y - start.y },
  };
}

/** Returns the SVG path through the corners, rounded, and the point half-way along it. */
export function pathThrough(
  points: readonly Position[],
  radius: number,
): { path: string; middle: Position } {
  const [first] = points;
  if (!first) return { path: "", middle: { x: 0, y: 0 } };
  const parts = [`M${first.x} ${first.y}`];
  for (let index = 1; index < points.length; index += 1) {
    const [before, here, after] = [points[index - 1], points[index], points[index + 1]];
    if (!before || !here) continue;
    if (!after) {
      parts.push(`L${here.x} ${here.y}`);
      continue;
    }
    const bend = Math.min(radius, distance(before, here) / 2, distance(here, after) / 2);
    const [into, out] = [towards(here, before, bend), towards(here, after, bend)];
    parts.push(`L${into.x} ${into.y}Q${here.x} ${here.y} ${out.x} ${out.y}`);
  }
  return { path: parts.join(""), middle: halfWay(points) };
}

function halfWay(points: readonly Position[]): Position {
  const whole = points.slice(1).reduce((sum, point, at) => sum + distance(points[at], point), 0);
  let left = whole / 2;
  for (const [at, point] of points.slice(1).entries()) {
    const before = points[at] ?? point;
    const length = distance(before, point);
    if (length >= left) return towards(before, point, left);
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}

function towards(from: Position, to: Position, by: number): Position {
  const length = distance(from, to);
  if (length === 0) return from;
  const share = by / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function distance(one: Position | undefined, other: Position): number {
  return one ? Math.abs(one.x - other.x) + Math.abs(one.y - other.y) : 0;
}

/** Length in px; whatever is touched costs more than any way round. */
function costOf(points: readonly Position[], others: readonly Box[]): number {
  let cost = 0;
  for (const [at, point] of points.slice(1).entries()) {
    const before = points[at] ?? point;
    cost += distance(before, point) + 1;
    for (const box of others) if (touches(before, point, box)) cost += HIT;
  }
  return cost;
}

function touches(one: Position, other: Position, box: Box): boolean {
  return (
    Math.min(one.x, other.x) < box.x + box.width &&
    Math.max(one.x, other.x) > box.x &&
    Math.min(one.y, other.y) < box.y + box.height &&
    Math.max(one.y, other.y) > box.y
  );
}

/** Returns the boxes beside the two that reach into the rows between them; `sorted` by their y. */
function between(
  sorted: readonly Box[],
  tallest: number,
  source: Box,
  target: Box,
): readonly Box[] {
  const [top, bottom] = [source.y + source.height, target.y];
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.y ?? 0) < top - tallest) low = middle + 1;
    else high = middle;
  }
  const found: Box[] = [];
  for (let index = low; index < sorted.length; index += 1) {
    const box = sorted[index];
    if (!box || box.y >= bottom) break;
    if (box !== source && box !== target && box.y + box.height > top) found.push(box);
  }
  return found;
}
