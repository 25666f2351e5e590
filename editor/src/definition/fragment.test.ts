/** Copies of steps: with their edges and places, reading each other under new ids. */
import { expect, test } from "vitest";
import { duplicateNodes, pasteFragment } from "./commands/pasting";
import type { DefinitionDoc } from "./document";
import { fragmentFromText, fragmentOf, fragmentToText } from "./fragment";

const SOURCE: DefinitionDoc = {
  name: "source",
  nodes: [
    { id: "fetch", type: "tool", tool: "http.request" },
    {
      id: "each",
      type: "foreach",
      items: { from: "steps.fetch.json" },
      body: { nodes: [{ id: "say", type: "map", fields: { a: { expression: "steps.other.x" } } }] },
    },
    { id: "other", type: "map", fields: {} },
  ],
  edges: [
    ["fetch", "each"],
    ["other", "each"],
  ],
  ui: { positions: { fetch: { x: 10, y: 20 }, say: { x: 1, y: 2 } } },
};

test("copies carry the edges among them and the places, and read each other under new ids", () => {
  const text = fragmentToText(fragmentOf(SOURCE, ["fetch", "each", "say"]));
  const target: DefinitionDoc = { name: "target", nodes: [{ id: "fetch", type: "map" }] };

  const { document, select, notes } = pasteFragment(target, fragmentFromText(text));

  expect(select).toEqual(["fetch_2", "each"]);
  expect(document.edges).toEqual([["fetch_2", "each"]]);
  expect(document.nodes?.[2]?.items).toEqual({ from: "steps.fetch_2.json" });
  expect(document.ui?.positions).toEqual({ say: { x: 1, y: 2 } });
  expect(notes).toEqual(["Not in this workflow: other."]);
});

test("ids that take each other's place are not mixed up", () => {
  const fragment = {
    nodes: [
      { id: "a", type: "map", fields: { x: { expression: "steps.a_2.v + steps.a.v" } } },
      { id: "a_2", type: "map" },
    ],
    edges: [],
    positions: {},
  };
  const target: DefinitionDoc = { name: "target", nodes: [{ id: "a", type: "map" }] };

  const { document } = pasteFragment(target, fragment);

  const [, first, second] = document.nodes ?? [];
  expect(first?.fields).toEqual({
    x: { expression: `steps.${second?.id}.v + steps.${first?.id}.v` },
  });
});

test("a duplicate stands beside what it was made of and reads what that read", () => {
  const { document, select } = duplicateNodes(SOURCE, ["each"]);

  expect(select).toEqual(["each_2"]);
  expect(document.nodes?.at(-1)).toMatchObject({
    items: { from: "steps.fetch.json" },
    body: { nodes: [{ id: "say_2" }] },
  });
  expect(document.edges).toEqual(SOURCE.edges);
});

test.each([
  ['{"id": "x", "type": "map"}', ["x"]],
  ['[{"id": "x", "type": "map"}, {"id": "y", "type": "map"}]', ["x", "y"]],
  ['{"name": "whole", "nodes": [{"id": "z", "type": "map"}], "edges": []}', ["z"]],
])("pastes %s", (text, ids) => {
  expect(fragmentFromText(text).nodes.map(({ id }) => id)).toEqual(ids);
});

test.each(["", "hello", "{}", "[]", "[1]", '{"nodes": [{"id": 7}]}', '{"nodes": {}}'])(
  "refuses %j with words",
  (text) => {
    expect(() => fragmentFromText(text)).toThrow(/\w/);
  },
);
