/** JSON patches on a document, and what they refuse. */
import { expect, test } from "vitest";
import type { DefinitionDoc } from "./document";
import { CommandError } from "./edit";
import { applyPatch } from "./patching";

const DOCUMENT: DefinitionDoc = {
  name: "a",
  nodes: [
    { id: "one", type: "map", fields: { "a/b": { value: 1 } } },
    { id: "two", type: "map" },
  ],
  edges: [["one", "two"]],
};

test("adds, replaces, removes and moves, and shares what it leaves alone", () => {
  const { document } = applyPatch(DOCUMENT, [
    { op: "add", path: "/edges/-", value: ["two", "one"] },
    { op: "remove", path: "/edges/0" },
    { op: "replace", path: "/nodes/1/id", value: "three" },
    { op: "remove", path: "/nodes/0/fields/a~1b" },
    { op: "move", from: "/nodes/1/type", path: "/nodes/1/kind" },
    { op: "add", path: "/nodes/1/type", value: "map" },
  ]);

  expect(document.edges).toEqual([["two", "one"]]);
  expect(document.nodes?.[1]).toEqual({ id: "three", kind: "map", type: "map" });
  expect(document.nodes?.[0]).toMatchObject({ fields: {} });
  expect(applyPatch(DOCUMENT, []).document).toBe(DOCUMENT);
});

test.each([
  [{ op: "remove" as const, path: "/edges/7" }],
  [{ op: "replace" as const, path: "/nodes/0/nothing", value: 1 }],
  [{ op: "test" as const, path: "/name", value: "b" }],
  [{ op: "add" as const, path: "/edges/9", value: [] }],
])("refuses %j, which fits a document that was", (operation) => {
  expect(() => applyPatch(DOCUMENT, [operation])).toThrow(CommandError);
});

test("refuses a patch that leaves nothing to draw", () => {
  expect(() => applyPatch(DOCUMENT, [{ op: "replace", path: "/nodes", value: {} }])).toThrow(
    CommandError,
  );
});
