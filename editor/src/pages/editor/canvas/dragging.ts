/** What moving nodes on the canvas does to the document: new places, or another body.  Pure. */
import { addressesOf, holdersOf, type NodeKey, type ScopeKey } from "@/definition/addresses";
import { moveNodes, setPositions, whyNotMove } from "@/definition/commands/moving";
import type { DefinitionDoc, Position } from "@/definition/document";
import type { Edit } from "@/definition/edit";
import { type Box, LANE_HEAD, type Layout, PADDING } from "@/definition/layout/layout";

/** Returns where a node is drawn on the whole canvas. */
export function absoluteBox(layout: Layout, key: NodeKey): Box | undefined {
  const box = layout.boxes.get(key);
  if (!box) return undefined;
  const made = { ...box };
  for (let up = layout.holders.get(key); up !== undefined; up = layout.holders.get(up)) {
    const around = layout.boxes.get(up);
    made.x += around?.x ?? 0;
    made.y += around?.y ?? 0;
  }
  return made;
}

/** Returns the innermost body at a point of the canvas; the workflow's own graph if none is there.
 * The whole frame of a container counts, for its nearest body.  Bodies of `without` and of what
 * stands in them do not. */
export function scopeAt(
  document: DefinitionDoc,
  layout: Layout,
  point: Position,
  without: ReadonlySet<NodeKey> = new Set(),
): ScopeKey {
  let found: { scope: ScopeKey; depth: number } = { scope: "", depth: 0 };
  for (const [key, lanes] of layout.lanes) {
    const around = [key, ...holdersOf(document, key)];
    if (around.some((one) => without.has(one))) continue;
    const frame = absoluteBox(layout, key);
    if (!frame || around.length <= found.depth) continue;
    const [x, y] = [point.x - frame.x, point.y - frame.y];
    if (x < 0 || x > frame.width || y < 0 || y > frame.height) continue;
    const beside = ({ box }: { box: Box }) => Math.max(box.x - x, x - box.x - box.width, 0);
    const [nearest] = [...lanes].sort((one, other) => beside(one) - beside(other));
    if (nearest) found = { scope: nearest.scope, depth: around.length };
  }
  return found.scope;
}

/** Returns the upper left corner of the room for steps in a body, on the whole canvas. */
export function originOf(document: DefinitionDoc, layout: Layout, scope: ScopeKey): Position {
  const entry = addressesOf(document).scopes.get(scope);
  if (!entry || entry.holder === null) return { x: 0, y: 0 };
  const container = absoluteBox(layout, entry.holder);
  const lane = layout.lanes.get(entry.holder)?.find((one) => one.scope === scope);
  if (!container || !lane) return { x: 0, y: 0 };
  const head = entry.caseIndex === null ? 0 : LANE_HEAD;
  return { x: container.x + lane.box.x + PADDING, y: container.y + lane.box.y + head + PADDING };
}

/** Returns the body that dragged nodes would come to stand in, by the middle of the first one;
 * `null` where they stay in theirs or may not move.  `dropped` is relative to what holds them. */
export function dropTarget(
  document: DefinitionDoc,
  layout: Layout,
  dropped: ReadonlyMap<NodeKey, Position>,
): ScopeKey | null {
  const { nodes } = addressesOf(document);
  const moved = [...dropped.keys()].filter((key) => nodes.has(key));
  const [first] = moved;
  const box = first === undefined ? undefined : layout.boxes.get(first);
  const at = first === undefined ? undefined : dropped.get(first);
  if (first === undefined || !box || !at) return null;
  const from = nodes.get(first)?.scope ?? "";
  const holder = layout.holders.get(first);
  const frame = (holder === undefined ? undefined : absoluteBox(layout, holder)) ?? { x: 0, y: 0 };
  const middle = {
    x: frame.x + at.x + box.width / 2,
    y: frame.y + at.y + box.height / 2,
  };
  const to = scopeAt(document, layout, middle, new Set(moved));
  return to !== from && whyNotMove(document, moved, to) === null ? to : null;
}

/** Returns the edit that lays nodes down where they were dragged to; `dropped` is relative to what
 * held them.  All nodes of a graph that nobody had placed keep the places they are drawn at. */
export function dropNodes(
  document: DefinitionDoc,
  layout: Layout,
  dropped: ReadonlyMap<NodeKey, Position>,
): Edit {
  const { nodes } = addressesOf(document);
  const moved = [...dropped.keys()].filter((key) => nodes.has(key));
  const first = moved[0];
  const from = first === undefined ? "" : (nodes.get(first)?.scope ?? "");
  if (first === undefined) return { document, label: "move nothing" };
  const shift = shiftOf(document, layout, from);
  const at = (key: NodeKey): Position => {
    const place = dropped.get(key) ?? { x: 0, y: 0 };
    return { x: place.x + shift.x, y: place.y + shift.y };
  };
  const to = dropTarget(document, layout, dropped);
  if (to !== null) {
    const origin = originOf(document, layout, from);
    const there = originOf(document, layout, to);
    const places = new Map(
      moved.map((key): [NodeKey, Position] => {
        const own = at(key);
        return [key, { x: origin.x + own.x - there.x, y: origin.y + own.y - there.y }];
      }),
    );
    return moveNodes(document, moved, to, isArranged(document, to) ? new Map() : places);
  }
  const siblings = addressesOf(document).scopes.get(from)?.nodes ?? [];
  const places = new Map<NodeKey, Position>();
  for (const key of siblings) {
    const drawn = layout.boxes.get(key);
    if (drawn) places.set(key, { x: drawn.x + shift.x, y: drawn.y + shift.y });
  }
  for (const key of moved) places.set(key, at(key));
  const edit = setPositions(document, places);
  return { ...edit, label: moved.length === 1 ? "move a step" : `move ${moved.length} steps` };
}

/** Boxes are relative to the container, places in the document to the room for steps in a body. */
function shiftOf(document: DefinitionDoc, layout: Layout, scope: ScopeKey): Position {
  const entry = addressesOf(document).scopes.get(scope);
  const lane =
    entry?.holder == null
      ? undefined
      : layout.lanes.get(entry.holder)?.find((one) => one.scope === scope);
  if (!entry || !lane) return { x: 0, y: 0 };
  const head = entry.caseIndex === null ? 0 : LANE_HEAD;
  return { x: -(lane.box.x + PADDING), y: -(lane.box.y + head + PADDING) };
}

/** Whether nobody placed anything in a graph, so that it is arranged as a whole. */
function isArranged(document: DefinitionDoc, scope: ScopeKey): boolean {
  const placed = document.ui?.positions ?? {};
  return !(addressesOf(document).scopes.get(scope)?.nodes ?? []).some((key) => placed[key]);
}
