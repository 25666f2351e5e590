import { expect, test } from "vitest";
import { changeText } from "./changeText";

test("what was replaced shows both sides, what came or went itself", () => {
  const change = { path: "/x", node_id: null };
  expect(changeText({ ...change, op: "replace", before: 3, after: "a" })).toBe('3 → "a"');
  expect(changeText({ ...change, op: "add", after: { id: "x" } })).toBe('{"id":"x"}');
  expect(changeText({ ...change, op: "remove", before: "y".repeat(99) })).toMatch(/^"y{59} …$/);
});
