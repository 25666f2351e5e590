/** The outline's lines: their order, and what stands under what. */
import { expect, test } from "vitest";
import type { DefinitionDoc } from "@/definition/document";
import { outlineRows } from "./rows";

const step = (id: string) => ({ id, type: "tool", tool: "log" });
const shown = (document: DefinitionDoc) =>
  outlineRows(document).map(
    ({ kind, key, level }) => `${level} ${kind === "body" ? "- " : ""}${key}`,
  );

test("steps come after what they need, whatever the order of the document", () => {
  const document = {
    name: "x",
    nodes: [step("c"), step("a"), step("b"), step("d")],
    edges: [
      ["a", "b"],
      ["b", "c"],
      ["a", "d"],
    ] as [string, string][],
  };
  expect(shown(document)).toEqual(["1 a", "1 b", "1 c", "1 d"]);
});

test("bodies stand under their container; cases have a line of their own", () => {
  const document = {
    name: "x",
    nodes: [
      {
        id: "route",
        type: "branch",
        cases: [
          { id: "yes", when: "true", body: { nodes: [step("a")] } },
          { id: "no", when: "false", body: { nodes: [] } },
        ],
      },
      { id: "each", type: "foreach", body: { nodes: [step("b")] } },
    ],
  };
  expect(shown(document)).toEqual([
    "1 route",
    "2 - route/yes",
    "3 a",
    "2 - route/no",
    "1 each",
    "2 b",
  ]);
});

test("steps that wait for each other are shown all the same", () => {
  const edges: [string, string][] = [
    ["a", "b"],
    ["b", "a"],
  ];
  expect(shown({ name: "x", nodes: [step("a"), step("b")], edges })).toEqual(["1 a", "1 b"]);
});
