/** What is suggested while an expression is typed. */
import { describe, expect, test } from "vitest";
import type { Scope, ScopeName } from "@/api/authoring";
import { partAt, searchParts } from "./sourceTree";
import { type Language, suggestionsAt } from "./suggestions";

function named(name: string, more: Partial<ScopeName> = {}): ScopeName {
  return {
    name,
    kind: "step",
    step_id: null,
    title: name,
    node_type: null,
    schema: null,
    has_sample: false,
    sample: null,
    status: null,
    ...more,
  };
}

const scope: Scope = {
  node_id: "send",
  at: "input",
  execution: null,
  names: [
    named("inputs", {
      kind: "inputs",
      schema: { type: "object", properties: { url: { type: "string" }, "Web site": {} } },
    }),
    named("steps.fetch", {
      title: "Fetch the page",
      schema: { type: "object", properties: { status: { type: "integer" }, json: {} } },
      has_sample: true,
      sample: { status: 200, json: { items: [{ name: "tea" }] } },
    }),
    named('steps["my-id"]', { title: "Odd" }),
  ],
  unavailable: [],
  functions: ["size", "startsWith"],
};

/** What is suggested where the bar stands. */
function at(marked: string, language: Language): string[] {
  const caret = marked.indexOf("|");
  const text = marked.replace("|", "");
  return suggestionsAt(text, caret, language, scope).map(
    (one) => text.slice(0, one.from) + one.text + text.slice(one.to),
  );
}

describe("suggestions", () => {
  test("begin with the names that may be read", () => {
    expect(at("|", "path")).toEqual(["inputs", "steps.fetch", 'steps["my-id"]']);
    expect(at("fetc|", "path")).toEqual(["steps.fetch"]);
    expect(at("page|", "expression")).toEqual(["steps.fetch"]);
  });

  test("go on with keys, of the schema and of the sample", () => {
    expect(at("inputs.|", "expression")).toEqual(["inputs.url", 'inputs["Web site"]']);
    expect(at("steps.fetch.json.|", "path")).toEqual(["steps.fetch.json.items"]);
    expect(at("steps.fetch.json.items[0].n|", "path")).toEqual(["steps.fetch.json.items[0].name"]);
    expect(at("steps.|", "path")).toEqual(["steps.fetch", 'steps["my-id"]']);
  });

  test("keep what stands around the caret", () => {
    expect(at("size(steps.fetch.sta|) > 1", "expression")).toEqual([
      "size(steps.fetch.status) > 1",
    ]);
  });

  test("have functions where an expression can stand", () => {
    expect(at("1 + si|", "expression")).toContain("1 + size(");
    expect(at("si|", "path")).not.toContain("size(");
  });

  test("stay away from the text of a template and from texts in quotes", () => {
    expect(at("in|", "template")).toEqual([]);
    expect(at("a {{ b }} in|", "template")).toEqual([]);
    expect(at("inputs.url == 'in|", "expression")).toEqual([]);
  });

  test("come after two braces, closed or not", () => {
    expect(at("to {{ inputs.u|", "template")).toEqual(["to {{ inputs.url"]);
    expect(at("to {{ inputs.u| }}!", "template")).toEqual(["to {{ inputs.url }}!"]);
    expect(at("{{|", "template")).toContain("{{inputs");
  });
});

describe("the tree of sources", () => {
  test("is found by words of any level", () => {
    expect(searchParts(scope.names, "page name").map(({ path }) => path)).toEqual([
      "steps.fetch.json.items[0].name",
    ]);
  });

  test("knows a path by schema or by sample", () => {
    expect(partAt(scope.names, "steps.fetch.status")?.type).toBe("whole number");
    expect(partAt(scope.names, "steps.fetch.json.items[0].name")?.sample).toBe("tea");
    expect(partAt(scope.names, "steps.fetcher")).toBeUndefined();
  });
});
