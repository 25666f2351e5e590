/** What two documents differ in, step by step and field by field. */
import { expect, test } from "vitest";
import { compareDocuments, isSame } from "./comparing";
import type { DefinitionDoc } from "./document";

const BASE: DefinitionDoc = {
  name: "Orders",
  inputs: { type: "object", properties: { url: { type: "string" }, gone: { type: "string" } } },
  output: { text: { from: "steps.say.text" } },
  nodes: [
    { id: "fetch", type: "tool", tool: "http.request", input: { url: { from: "inputs.url" } } },
    {
      id: "route",
      type: "branch",
      mode: "first",
      cases: [{ id: "big", when: "input.size > 1", body: { nodes: [{ id: "say", type: "map" }] } }],
    },
  ],
  edges: [["fetch", "route"]],
  ui: { positions: { fetch: { x: 0, y: 0 } } },
};

const changed = (change: (document: DefinitionDoc) => void): DefinitionDoc => {
  const made = structuredClone(BASE) as DefinitionDoc;
  change(made);
  return made;
};

test("a document does not differ from its copy, in whatever order its fields stand", () => {
  const copy = Object.fromEntries(Object.entries(structuredClone(BASE)).reverse());

  expect(isSame(compareDocuments(BASE, copy as DefinitionDoc))).toBe(true);
});

test("moving steps on the canvas is told apart from changing them", () => {
  const after = { ...BASE, ui: { positions: { fetch: { x: 500, y: 0 } } } };

  const found = compareDocuments(BASE, after);

  expect(found.onlyDrawing).toBe(true);
  expect(found.nodes).toEqual([]);
});

test("a changed field is named by its path, before and after", () => {
  const after = changed((document) => {
    document.nodes = [{ ...document.nodes?.[0], input: { url: { value: "x" } } } as never].concat(
      (document.nodes ?? []).slice(1) as never,
    );
  });

  expect(compareDocuments(BASE, after).nodes).toMatchObject([
    { kind: "changed", key: "fetch", fields: [{ field: "input.url" }] },
  ]);
});

test("a step inside a body is compared for itself, and its move out of the body is told", () => {
  const after = changed((document) => {
    const branch = document.nodes?.[1] as unknown as { cases: { body: { nodes: unknown[] } }[] };
    const [say] = branch.cases[0]?.body.nodes.splice(0) ?? [];
    document.nodes = [...(document.nodes ?? []), say as never];
  });

  expect(compareDocuments(BASE, after).nodes).toMatchObject([
    { kind: "changed", key: "say", moved: true, fields: [] },
  ]);
});

test("a condition of a case is a change of the branch, and its steps are not", () => {
  const after = changed((document) => {
    const branch = document.nodes?.[1] as unknown as { cases: { when: string }[] };
    if (branch.cases[0]) branch.cases[0].when = "input.size > 2";
  });

  expect(compareDocuments(BASE, after).nodes).toMatchObject([
    { key: "route", fields: [{ field: "cases.big.when", after: "input.size > 2" }] },
  ]);
});

test("added and removed steps and connections are named", () => {
  const after = changed((document) => {
    document.nodes = [
      ...(document.nodes ?? []).slice(1),
      { id: "end", type: "bail", name: "The end" },
    ];
    document.edges = [["route", "end"]];
  });

  const found = compareDocuments(BASE, after);

  expect(found.nodes.map(({ kind, title }) => `${kind} ${title}`)).toEqual([
    "removed fetch",
    "added The end",
  ]);
  expect(found.edgesAdded).toEqual(["route → The end"]);
  expect(found.edgesRemoved).toEqual(["fetch → route"]);
});

test("what breaks those who start it or read its output is said", () => {
  const after = changed((document) => {
    document.inputs = {
      type: "object",
      properties: { url: { type: "integer" }, key: { type: "string" } },
      required: ["key"],
    };
    document.output = { title: { from: "steps.say.title" } };
  });

  expect(compareDocuments(BASE, after).breaking).toEqual([
    "The input key is required now.",
    "The input url is of another type.",
    "The input gone is gone.",
    "The output text is gone.",
  ]);
});
