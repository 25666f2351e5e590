/** Dropping a step: which graph it goes to, and where it then stands. */
import { expect, test } from "vitest";
import { addressesOf } from "@/definition/addresses";
import type { DefinitionDoc } from "@/definition/document";
import { absoluteBox, dropNodes, dropTarget } from "./dragging";
import { documentLayout } from "./layoutOfDocument";

const map = (id: string) => ({ id, type: "map", fields: {} });
const DOCUMENT: DefinitionDoc = {
  name: "dragging",
  nodes: [
    map("a"),
    {
      id: "route",
      type: "branch",
      cases: [
        { id: "yes", when: "true", body: { nodes: [map("b")] } },
        { id: "no", when: "true", body: { nodes: [] } },
      ],
    },
  ],
  edges: [["a", "route"]],
};
const LAYOUT = documentLayout(DOCUMENT);
const frame = absoluteBox(LAYOUT, "route") ?? { x: 0, y: 0, width: 0, height: 0 };
/** Where a step of the workflow's own graph lies when its middle is there in the branch's frame. */
const over = (x: number, y: number) => ({ x: frame.x + x - 108, y: frame.y + y - 30 });
const scopeOf = (document: DefinitionDoc, key: string) =>
  addressesOf(document).nodes.get(key)?.scope;

test("a step that is dropped on a lane moves into that case", () => {
  const dropped = new Map([["a", over(frame.width - 60, 120)]]);

  expect(dropTarget(DOCUMENT, LAYOUT, dropped)).toBe("route/no");
  expect(scopeOf(dropNodes(DOCUMENT, LAYOUT, dropped).document, "a")).toBe("route/no");
});

test("the frame of a container counts too, for the nearest lane", () => {
  expect(dropTarget(DOCUMENT, LAYOUT, new Map([["a", over(30, 8)]]))).toBe("route/yes");
  expect(dropTarget(DOCUMENT, LAYOUT, new Map([["a", over(frame.width - 2, 8)]]))).toBe("route/no");
});

test("a step that is dropped outside of its container leaves it", () => {
  const dropped = new Map([["b", { x: 0, y: -400 }]]);

  expect(dropTarget(DOCUMENT, LAYOUT, dropped)).toBe("");
  expect(scopeOf(dropNodes(DOCUMENT, LAYOUT, dropped).document, "b")).toBe("");
});

test("a step that stays in its graph keeps the place it was dropped at, and so do the others", () => {
  const { document } = dropNodes(DOCUMENT, LAYOUT, new Map([["a", { x: -900, y: 5 }]]));

  expect(dropTarget(DOCUMENT, LAYOUT, new Map([["a", { x: -900, y: 5 }]]))).toBeNull();
  expect(document.ui?.positions?.a).toEqual({ x: -900, y: 5 });
  expect(documentLayout(document).boxes.get("route")).toEqual(LAYOUT.boxes.get("route"));
});

test("a container is no target for itself", () => {
  const at = LAYOUT.boxes.get("route") ?? { x: 0, y: 0 };

  expect(dropTarget(DOCUMENT, LAYOUT, new Map([["route", { x: at.x + 4, y: at.y }]]))).toBeNull();
});
