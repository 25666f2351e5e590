/** Renaming inputs and fields together with all that reads them. */
import { expect, test } from "vitest";
import type { DefinitionDoc } from "../document";
import { renameMapField, renameProperty } from "./renamingFields";

const document: DefinitionDoc = {
  name: "R",
  inputs: {
    type: "object",
    required: ["url", "limit"],
    properties: { url: { type: "string" }, limit: { type: "integer" } },
  },
  nodes: [
    { id: "a", type: "map", fields: { x: { from: "inputs.url" }, y: { value: "inputs.url" } } },
    {
      id: "b",
      type: "map",
      fields: {
        p: { expression: "input.x + steps.a.x" },
        q: { template: "{{ inputs.url }} is inputs.url" },
      },
    },
  ],
  edges: [["a", "b"]],
  output: { from: "steps.a.x" },
};

test("an input is renamed wherever it is read, and nowhere else", () => {
  const made = renameProperty(document, "inputs", "url", "Web site").document;

  expect(made.inputs).toEqual({
    type: "object",
    required: ["Web site", "limit"],
    properties: { "Web site": { type: "string" }, limit: { type: "integer" } },
  });
  expect(made.nodes?.[0]?.fields).toEqual({
    x: { from: 'inputs["Web site"]' },
    y: { value: "inputs.url" },
  });
  expect(made.nodes?.[1]?.fields).toMatchObject({
    q: { template: '{{ inputs["Web site"] }} is inputs.url' },
  });
});

test("a field of a map is renamed for who reads it by id or is handed it", () => {
  const made = renameMapField(document, "a", "x", "z").document;

  expect(Object.keys(made.nodes?.[0]?.fields as object)).toEqual(["z", "y"]);
  expect(made.nodes?.[1]?.fields).toMatchObject({ p: { expression: "input.z + steps.a.z" } });
  expect(made.output).toEqual({ from: "steps.a.z" });
});

test("a name that is taken or empty is refused", () => {
  expect(() => renameProperty(document, "inputs", "url", "limit")).toThrow(/already/);
  expect(() => renameMapField(document, "a", "x", "")).toThrow(/needed/);
});
