/** Taking steps out into a workflow of their own: what is handed in, handed back, and refused. */
import { expect, test } from "vitest";
import { addressesOf } from "../addresses";
import type { DefinitionDoc } from "../document";
import { CommandError } from "../edit";
import { idsIn } from "../everyNode";
import { readDocument } from "../readDocument";
import { readings } from "../sources";
import { frozen, randomDocument, seeded } from "../testing/randomDocument";
import { extractNodes } from "./extracting";
import { readsOf } from "./handedOver";

const map = (id: string, expression: string) => ({
  id,
  type: "map",
  fields: { x: { expression } },
});
const DOCUMENT: DefinitionDoc = {
  schema_version: 1,
  name: "whole",
  inputs: { type: "object", properties: { size: { type: "integer" } } },
  configs: { limit: 3 },
  nodes: [
    map("a", "inputs.size"),
    map("b", "input.x + inputs.size + configs.limit"),
    map("c", "steps.b.x + steps.a.x"),
    map("d", "input.x + steps.c.x"),
  ],
  edges: [
    ["a", "b"],
    ["b", "c"],
    ["c", "d"],
  ],
};

test("what is read from outside becomes the input, and the step in their place is read as before", () => {
  const { child, replace } = extractNodes(DOCUMENT, ["b", "c"], "Middle");
  const { document, select } = replace("w2");

  expect(child).toMatchObject({
    name: "Middle",
    configs: { limit: 3 },
    inputs: { properties: { size: { type: "integer" }, input: {}, a: {} } },
    nodes: [
      map("b", "inputs.input.x + inputs.size + configs.limit"),
      map("c", "steps.b.x + inputs.a.x"),
    ],
    edges: [["b", "c"]],
    output: { from: "steps.c" },
  });
  expect(document.nodes).toEqual([
    DOCUMENT.nodes?.[0],
    {
      id: "c",
      type: "workflow",
      name: "Middle",
      workflow: "w2",
      input: { size: { from: "inputs.size" }, input: { from: "input" }, a: { from: "steps.a" } },
    },
    DOCUMENT.nodes?.[3],
  ]);
  expect(document.edges).toEqual([
    ["a", "c"],
    ["c", "d"],
  ]);
  expect(select).toEqual(["c"]);
});

test("steps that read only what is handed over get it as it is", () => {
  const document: DefinitionDoc = {
    name: "plain",
    nodes: [
      { id: "a", type: "map", fields: { message: { value: "x" } } },
      { id: "b", type: "tool", tool: "log" },
    ],
    edges: [["a", "b"]],
  };

  const { child, replace } = extractNodes(document, ["b"], "Log");

  expect(child.inputs).toBeUndefined();
  expect(child.nodes).toEqual([document.nodes?.[1]]);
  expect(replace("w").document.nodes?.[1]).toEqual({
    id: "b",
    type: "workflow",
    name: "Log",
    workflow: "w",
  });
});

test("an item of a list around is handed in; an item of a list inside stays", () => {
  const document: DefinitionDoc = {
    name: "items",
    nodes: [
      {
        id: "each",
        type: "foreach",
        items: { value: [[1]] },
        body: {
          nodes: [
            {
              id: "inner",
              type: "foreach",
              items: { from: "item" },
              body: { nodes: [map("say", "item + index")] },
            },
            map("after", "index"),
          ],
          edges: [["inner", "after"]],
        },
      },
    ],
  };

  const { child } = extractNodes(document, ["inner", "after"], "Inner");

  expect(child.nodes).toMatchObject([
    { items: { from: "inputs.item" }, body: { nodes: [map("say", "item + index")] } },
    map("after", "inputs.index"),
  ]);
});

test.each([
  [["a", "c"], /stands between/],
  [["a", "b"], /take over from b and a/],
  [[], /Select the steps/],
])("refuses %j with what to do instead", (keys, words) => {
  expect(() => extractNodes(DOCUMENT, keys, "x")).toThrow(words);
});

test("refuses where a step takes what is handed over as a whole, beside other things", () => {
  const document: DefinitionDoc = {
    name: "whole",
    nodes: [
      map("a", "1"),
      { id: "b", type: "tool", tool: "log" },
      map("c", "steps.b.x + inputs.y"),
    ],
    edges: [
      ["a", "b"],
      ["b", "c"],
    ],
  };

  expect(() => extractNodes(document, ["b", "c"], "x")).toThrow(/as a whole/);
});

test("on any document: both sides stay whole, and nothing is read that is not there", () => {
  let done = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const random = seeded(seed);
    const document = frozen(randomDocument(random));
    const keys = [...addressesOf(document).nodes.keys()].filter(() => random() < 0.35);
    try {
      const { child, replace } = extractNodes(document, keys, "Part");
      const made = replace("w").document;
      done += 1;

      expect(readDocument(child).problem, `seed ${seed}`).toBeUndefined();
      expect(readDocument(made).problem, `seed ${seed}`).toBeUndefined();
      const [inside, outside] = [new Set(idsIn(child)), new Set(idsIn(made))];
      const before = new Set(idsIn(document));
      const inputs = Object.keys((child.inputs as { properties?: object })?.properties ?? {});
      for (const { source } of readings(child))
        for (const { root, part } of readsOf(source)) {
          if (root === "steps") expect(inside.has(part ?? ""), `seed ${seed}`).toBe(true);
          if (root === "inputs") expect(inputs, `seed ${seed}`).toContain(part);
        }
      for (const { source } of readings(made))
        for (const { root, part } of readsOf(source))
          if (root === "steps" && before.has(part ?? ""))
            expect(outside.has(part ?? ""), `seed ${seed}`).toBe(true);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
  expect(done).toBeGreaterThan(20);
});
