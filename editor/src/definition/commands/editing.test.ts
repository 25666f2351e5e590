/** Commands on a document: what each one leaves behind, word for word. */
import { expect, test } from "vitest";
import type { DefinitionDoc } from "../document";
import { CommandError } from "../edit";
import { addCase, setCase } from "./cases";
import { connect, possibleTargets } from "./connecting";
import { deleteNodes } from "./deleting";
import { insertNode } from "./inserting";
import { moveNodes, setPositions, tidy } from "./moving";
import { renameNodeId } from "./renamingIds";
import { wrapNodes } from "./wrapping";

const DOCUMENT: DefinitionDoc = {
  name: "editing",
  output: { text: { from: "steps.b.text" } },
  nodes: [
    { id: "a", type: "tool", tool: "log", name: "First" },
    { id: "b", type: "map", fields: { text: { template: "{{ steps.a.message }}" } } },
    {
      id: "route",
      type: "branch",
      mode: "first",
      cases: [
        { id: "big", when: "steps.b.size > 1", body: { nodes: [{ id: "in", type: "map" }] } },
        { id: "else", when: "true", body: { nodes: [] } },
      ],
    },
    { id: "last", type: "map", fields: { x: { expression: "input.big.y + steps.route.big.y" } } },
  ],
  edges: [
    ["a", "b"],
    ["b", "route"],
    ["route", "last"],
  ],
  ui: { positions: { a: { x: 0, y: 0 }, b: { x: 0, y: 100 } }, note: "kept" },
  unknown: { kept: true },
};

const idsOf = (document: DefinitionDoc) => document.nodes?.map(({ id }) => id);

test("a step put onto an edge takes its place between the two, with an id of its own", () => {
  const edit = insertNode(DOCUMENT, {
    node: { id: "a", type: "tool", tool: "log" },
    on: ["a", "b"],
  });

  expect(edit.select).toEqual(["a_2"]);
  expect(idsOf(edit.document)).toEqual(["a", "a_2", "b", "route", "last"]);
  expect(edit.document.edges).toContainEqual(["a", "a_2"]);
  expect(edit.document.edges).toContainEqual(["a_2", "b"]);
  expect(edit.document.edges).not.toContainEqual(["a", "b"]);
});

test("a step put behind another takes over what followed, one beside it does not", () => {
  const node = { id: "n", type: "map" };

  expect(insertNode(DOCUMENT, { node, after: "a" }).document.edges).toEqual([
    ["n", "b"],
    ["b", "route"],
    ["route", "last"],
    ["a", "n"],
  ]);
  expect(insertNode(DOCUMENT, { node, beside: "a" }).document.edges).toEqual([
    ...(DOCUMENT.edges ?? []),
    ["a", "n"],
  ]);
});

test("deleting closes the gap, forgets the place, and names who read it", () => {
  const { document, notes, label } = deleteNodes(DOCUMENT, ["b"]);

  expect(document.edges).toEqual([
    ["route", "last"],
    ["a", "route"],
  ]);
  expect(document.ui).toEqual({ positions: { a: { x: 0, y: 0 } }, note: "kept" });
  expect(document.unknown).toBe(DOCUMENT.unknown);
  expect(label).toBe("delete b");
  expect(notes).toEqual(["b was read by route, the workflow's output."]);
});

test("a new id goes wherever the old one was read", () => {
  const { document } = renameNodeId(DOCUMENT, "b", "second");

  expect(document.output).toEqual({ text: { from: "steps.second.text" } });
  expect(document.nodes?.[2]).toMatchObject({ cases: [{ when: "steps.second.size > 1" }, {}] });
  expect(document.edges?.slice(0, 2)).toEqual([
    ["a", "second"],
    ["second", "route"],
  ]);
  expect(document.ui?.positions).toEqual({ a: { x: 0, y: 0 }, second: { x: 0, y: 100 } });
  // What reads nothing of it is the very same object.
  expect(document.nodes?.[0]).toBe(DOCUMENT.nodes?.[0]);
});

test.each(["a", "", "two words", "-x", "ä"])("refuses the id %j", (id) => {
  expect(() => renameNodeId(DOCUMENT, "b", id)).toThrow(CommandError);
});

test("the outputs of several steps before one are read under their new ids", () => {
  const document: DefinitionDoc = {
    name: "join",
    nodes: [
      { id: "a", type: "map" },
      { id: "b", type: "map" },
      { id: "c", type: "map", fields: { x: { expression: "input.a.v + input.b.v" } } },
    ],
    edges: [
      ["a", "c"],
      ["b", "c"],
    ],
  };

  expect(renameNodeId(document, "a", "z").document.nodes?.[2]?.fields).toEqual({
    x: { expression: "input.z.v + input.b.v" },
  });
});

test("a case is renamed where its output is read, by the step behind it too", () => {
  const { document } = setCase(DOCUMENT, "route", 0, { id: "large" });

  expect(document.nodes?.[3]?.fields).toEqual({
    x: { expression: "input.large.y + steps.route.large.y" },
  });
});

test("a new case stands before the one that always holds", () => {
  const { document } = addCase(DOCUMENT, "route", { id: "small", when: "input < 1" });

  expect((document.nodes?.[2]?.cases as { id: string }[] | undefined)?.map(({ id }) => id)).toEqual(
    ["big", "small", "else"],
  );
});

test("edges that close a circle, cross into a body or stand there already are refused", () => {
  expect(() => connect(DOCUMENT, "last", "a")).toThrow(/wait for each other/);
  expect(() => connect(DOCUMENT, "a", "in")).toThrow(/same body/);
  expect(() => connect(DOCUMENT, "a", "b")).toThrow(/already/);
  expect(() => connect(DOCUMENT, "a", "a")).toThrow(/itself/);
  expect(possibleTargets(DOCUMENT, "a")).toEqual(["route", "last"]);
});

test("a step moves into a body and out again; the way past it is closed", () => {
  const inside = moveNodes(DOCUMENT, ["b"], "route/else").document;

  expect(idsOf(inside)).toEqual(["a", "route", "last"]);
  expect(inside.edges).toEqual([
    ["route", "last"],
    ["a", "route"],
  ]);
  expect(inside.nodes?.[1]).toMatchObject({ cases: [{}, { body: { nodes: [{ id: "b" }] } }] });
  expect(idsOf(moveNodes(inside, ["b"], "").document)).toEqual(["a", "route", "last", "b"]);
});

test("a container does not move into itself", () => {
  expect(() => moveNodes(DOCUMENT, ["route"], "route/big")).toThrow(/itself/);
});

test("wrapping leads the edges from outside to the container", () => {
  const { document, select } = wrapNodes(DOCUMENT, ["a", "b"], "foreach");

  expect(select).toEqual(["each"]);
  expect(document.nodes?.[0]).toMatchObject({
    id: "each",
    body: { nodes: [{ id: "a" }, { id: "b" }], edges: [["a", "b"]] },
  });
  expect(document.edges).toEqual([
    ["each", "route"],
    ["route", "last"],
  ]);
});

test("wrapping what has a step between that is not selected says so", () => {
  expect(() => wrapNodes(DOCUMENT, ["a", "route"], "loop")).toThrow(/Select it too/);
});

test("tidying forgets places and nothing else, and is one edit", () => {
  const moved = setPositions(DOCUMENT, new Map([["last", { x: 1.4, y: 2 }]])).document;

  expect(moved.ui?.positions?.last).toEqual({ x: 1, y: 2 });
  expect(tidy(moved).document.ui).toEqual({ positions: {}, note: "kept" });
});
