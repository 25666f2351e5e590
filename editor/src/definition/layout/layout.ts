/**
 * Where everything of a document is drawn: containers around what they hold, cases side by side.
 * What a person placed stays where it is; a graph that nobody placed is arranged.  Pure: how a
 * graph is arranged comes in as an argument.
 */
import { addressesOf, type NodeKey, type ScopeEntry, type ScopeKey, scopesIn } from "../addresses";
import {
  caseCondition,
  casesOf,
  type DefinitionDoc,
  edgesOf,
  isContainer,
  type Position,
  positionsOf,
} from "../document";

export interface Size {
  width: number;
  height: number;
}

export type Box = Position & Size;

/** Returns where each box of a graph stands; edges lead downwards. */
export type Arrange = (
  boxes: readonly (Size & { id: string })[],
  edges: readonly (readonly [string, string])[],
) => ReadonlyMap<string, Position>;

/** One body of a container, relative to the container. */
export interface Lane {
  readonly scope: ScopeKey;
  /** The case's id; empty for a body that is the only one. */
  readonly title: string;
  readonly condition: string;
  readonly box: Box;
}

export interface Layout {
  /** Of each node, relative to the upper left corner of what holds it. */
  readonly boxes: ReadonlyMap<NodeKey, Box>;
  /** Of each node, the container that it is drawn in. */
  readonly holders: ReadonlyMap<NodeKey, NodeKey>;
  readonly lanes: ReadonlyMap<NodeKey, readonly Lane[]>;
}

export const STEP: Size = { width: 216, height: 60 };
/** Room above the bodies of a container for its own title. */
export const HEAD = 52;
/** Room above the steps of a body for the name of its case. */
export const LANE_HEAD = 28;
export const PADDING = 20;
export const GAP = 48;
const EMPTY: Size = { width: 216, height: 64 };

/** Returns the layout of `document`. */
export function layoutOf(document: DefinitionDoc, arrange: Arrange): Layout {
  const addresses = addressesOf(document);
  const stored = positionsOf(document);
  const boxes = new Map<NodeKey, Box>();
  const holders = new Map<NodeKey, NodeKey>();
  const lanes = new Map<NodeKey, Lane[]>();

  const sizeOf = (key: NodeKey): Size => {
    const entry = addresses.nodes.get(key);
    if (!entry || !isContainer(entry.node)) return STEP;
    const cases = casesOf(entry.node);
    let x = PADDING;
    let height = 0;
    const own = scopesIn(document, key).map((scope): Lane => {
      const inner = place(scope);
      const head = cases.length > 0 ? LANE_HEAD : 0;
      const box = {
        x,
        y: HEAD,
        width: inner.width + 2 * PADDING,
        height: inner.height + head + 2 * PADDING,
      };
      for (const child of scope.nodes) {
        const at = boxes.get(child);
        if (!at) continue;
        holders.set(child, key);
        boxes.set(child, { ...at, x: at.x + x + PADDING, y: at.y + HEAD + head + PADDING });
      }
      x += box.width + PADDING;
      height = Math.max(height, box.height);
      const index = scope.caseIndex ?? 0;
      const condition = caseCondition(entry.node, index);
      return { scope: scope.key, title: cases[index]?.id ?? "", condition, box };
    });
    lanes.set(
      key,
      own.map((lane) => ({ ...lane, box: { ...lane.box, height } })),
    );
    return { width: Math.max(x, STEP.width), height: HEAD + height + PADDING };
  };

  /** Places the nodes of a graph from (0, 0) on, and returns the size of it all. */
  const place = (scope: ScopeEntry): Size => {
    if (scope.nodes.length === 0) return EMPTY;
    const sized = scope.nodes.map((key) => ({ id: key, ...sizeOf(key) }));
    const edges = edgesOf(scope.scope).filter(
      ([from, to]) => addresses.nodes.has(from) && addresses.nodes.has(to),
    );
    const placed = sized.some(({ id }) => stored[id])
      ? beside(sized, edges, stored)
      : arrange(sized, edges);
    const corner = scope.holder === null ? { x: 0, y: 0 } : cornerOf(placed);
    let [width, height] = [0, 0];
    for (const { id, ...size } of sized) {
      const at = placed.get(id) ?? { x: 0, y: 0 };
      const box = { ...size, x: at.x - corner.x, y: at.y - corner.y };
      boxes.set(id, box);
      width = Math.max(width, box.x + box.width);
      height = Math.max(height, box.y + box.height);
    }
    return { width, height };
  };

  const root = addresses.scopes.get("");
  if (root) place(root);
  return { boxes, holders, lanes };
}

/** Returns the placed boxes where they are, and puts the others under what they follow. */
function beside(
  boxes: readonly (Size & { id: string })[],
  edges: readonly (readonly [string, string])[],
  stored: Readonly<Record<string, Position>>,
): Map<string, Position> {
  const placed = new Map<string, Box>();
  const known = boxes.flatMap(({ id, ...size }) => {
    const at = stored[id];
    return at ? [{ id, box: { ...size, ...at } }] : [];
  });
  // The upper ones stay; what lies on one of them, as when a body grew, goes under it.
  for (const { id, box } of known.sort((one, other) => one.box.y - other.box.y)) {
    for (let hit = hitBy(box, placed); hit; hit = hitBy(box, placed))
      box.y = hit.y + hit.height + GAP / 2;
    placed.set(id, box);
  }
  for (const { id, ...size } of boxes) {
    if (placed.has(id)) continue;
    const before = edges.flatMap(([from, to]) => (to === id ? (placed.get(from) ?? []) : []));
    const lowest = before.reduce<Box | undefined>(
      (low, box) => (low && low.y + low.height > box.y + box.height ? low : box),
      undefined,
    );
    const box = {
      ...size,
      x: lowest ? lowest.x + (lowest.width - size.width) / 2 : 0,
      y: lowest ? lowest.y + lowest.height + GAP : bottomOf(placed),
    };
    while (hitBy(box, placed)) box.x += size.width / 2 + GAP;
    placed.set(id, box);
  }
  return placed;
}

/** Returns whether two boxes cover each other anywhere. */
export function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

function hitBy(box: Box, placed: ReadonlyMap<string, Box>): Box | undefined {
  for (const other of placed.values()) if (overlap(box, other)) return other;
  return undefined;
}

function bottomOf(placed: ReadonlyMap<string, Box>): number {
  return Math.max(-GAP, ...[...placed.values()].map((box) => box.y + box.height)) + GAP;
}

function cornerOf(placed: ReadonlyMap<string, Position>): Position {
  const all = [...placed.values()];
  return { x: Math.min(...all.map((at) => at.x)), y: Math.min(...all.map((at) => at.y)) };
}
