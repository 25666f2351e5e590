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
 * Bodies of `without` and of what stands in them do not count. */
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
    const container = absoluteBox(layout, key);
    if (!container || around.length <= found.depth) continue;
    for (const { scope, box } of lanes) {
      const [x, y] = [container.x + box.x, container.y + box.y];
      const inside =
        point.x >= x && point.x <= x + box.width && point.y >= y && point.y <= y + box.height;
      if (inside) found = { scope, depth: around.length };
    }
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
  const box = first === undefined ? undefined : layout.boxes.get(first);
  const from = first === undefined ? "" : (nodes.get(first)?.scope ?? "");
  if (first === undefined || !box) return { document, label: "move nothing" };
  const shift = shiftOf(document, layout, from);
  const at = (key: NodeKey): Position => {
    const place = dropped.get(key) ?? { x: 0, y: 0 };
    return { x: place.x + shift.x, y: place.y + shift.y };
  };
  const origin = originOf(document, layout, from);
  const middle = {
    x: origin.x + at(first).x + box.width / 2,
    y: origin.y + at(first).y + box.height / 2,
  };
  const to = scopeAt(document, layout, middle, new Set(moved));
  if (to !== from && whyNotMove(document, moved, to) === null) {
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
