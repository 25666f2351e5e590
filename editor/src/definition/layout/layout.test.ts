/** Where everything is drawn: nothing covers anything else, and people's places stay. */
import { expect, test } from "vitest";
import { addressesOf } from "../addresses";
import type { DefinitionDoc, NodeDoc } from "../document";
import { arrange } from "./arrange";
import { type Box, layoutOf, overlap } from "./layout";
import { withoutOverlaps } from "./withoutOverlaps";

const step = (id: string): NodeDoc => ({ id, type: "tool", tool: "log" });
const chain = (ids: string[]): [string, string][] =>
  ids.slice(1).map((id, at): [string, string] => [ids[at] ?? "", id]);

function siblingsOverlap(document: DefinitionDoc): string[] {
  const { boxes } = layoutOf(document, arrange);
  const found: string[] = [];
  for (const { nodes } of addressesOf(document).scopes.values())
    for (const [at, one] of nodes.entries())
      for (const other of nodes.slice(at + 1))
        if (overlap(boxes.get(one) as Box, boxes.get(other) as Box)) found.push(`${one} ${other}`);
  return found;
}

const NESTED: DefinitionDoc = {
  name: "nested",
  nodes: [
    step("first"),
    {
      id: "route",
      type: "branch",
      mode: "first",
      cases: [
        {
          id: "big",
          when: "input > 1",
          body: { nodes: [step("a"), step("b")], edges: [["a", "b"]] },
        },
        { id: "else", when: "true", body: { nodes: [] } },
      ],
    },
    { id: "each", type: "foreach", items: { value: [] }, body: { nodes: [step("c")] } },
  ],
  edges: [
    ["first", "route"],
    ["route", "each"],
  ],
};

test("edges lead downwards, and nothing covers anything else", () => {
  const { boxes } = layoutOf(NESTED, arrange);

  expect(boxes.get("first")?.y).toBeLessThan(boxes.get("route")?.y ?? 0);
  expect(boxes.get("a")?.y).toBeLessThan(boxes.get("b")?.y ?? 0);
  expect(siblingsOverlap(NESTED)).toEqual([]);
});

test("what stands in a container is drawn within it, in its own lane", () => {
  const { boxes, lanes, holders } = layoutOf(NESTED, arrange);
  const branch = boxes.get("route") as Box;
  const [big, otherwise] = lanes.get("route") ?? [];

  for (const key of ["a", "b"]) {
    const box = boxes.get(key) as Box;
    expect(holders.get(key)).toBe("route");
    expect(box.x).toBeGreaterThanOrEqual(big?.box.x ?? 0);
    expect(box.x + box.width).toBeLessThanOrEqual((big?.box.x ?? 0) + (big?.box.width ?? 0));
    expect(box.y + box.height).toBeLessThanOrEqual(branch.height);
  }
  expect(otherwise?.title).toBe("else");
  expect(big?.condition).toBe("input > 1");
  expect(overlap(big?.box as Box, otherwise?.box as Box)).toBe(false);
});

test("what a person placed stays, and what is new goes under what it follows", () => {
  const document: DefinitionDoc = {
    name: "placed",
    nodes: [step("a"), step("b"), step("c")],
    edges: chain(["a", "b"]).concat(chain(["a", "c"])),
    ui: { positions: { a: { x: 300, y: 40 }, b: { x: 300, y: 148 } } },
  };
  const { boxes } = layoutOf(document, arrange);

  expect(boxes.get("a")).toMatchObject({ x: 300, y: 40 });
  expect(boxes.get("b")).toMatchObject({ x: 300, y: 148 });
  expect(boxes.get("c")?.y).toBeGreaterThan(40);
  expect(siblingsOverlap(document)).toEqual([]);
});

test("a place on top of another step gives way downwards", () => {
  const document: DefinitionDoc = {
    name: "placed",
    nodes: [step("a"), step("b")],
    ui: { positions: { a: { x: 0, y: 0 }, b: { x: 10, y: 20 } } },
  };

  expect(siblingsOverlap(document)).toEqual([]);
  expect(layoutOf(document, arrange).boxes.get("b")?.x).toBe(10);
});

test("only graphs whose places cover each other are arranged anew when opened", () => {
  const apart = { a: { x: 0, y: 0 }, b: { x: 500, y: 0 } };
  const document = (positions: Record<string, { x: number; y: number }>): DefinitionDoc => ({
    name: "opened",
    nodes: [step("a"), step("b")],
    edges: chain(["a", "b"]),
    ui: { positions },
  });

  expect(withoutOverlaps(document(apart), arrange).ui?.positions).toEqual(apart);
  const made = withoutOverlaps(document({ ...apart, b: { x: 5, y: 5 } }), arrange);
  expect(made.ui?.positions).toEqual({});
});

test("a thousand steps are arranged, each for itself", () => {
  const ids = Array.from({ length: 1000 }, (_, at) => `s${at}`);
  const edges = ids.slice(1).map((id, at): [string, string] => [`s${Math.floor(at / 3)}`, id]);
  const { boxes } = layoutOf({ name: "big", nodes: ids.map(step), edges }, arrange);

  expect(boxes.size).toBe(1000);
  expect(new Set([...boxes.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(1000);
});
