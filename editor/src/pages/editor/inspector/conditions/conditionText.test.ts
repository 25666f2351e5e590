/** Conditions as rows and as text: one comes back as the other, or not at all. */
import { describe, expect, test } from "vitest";
import { OPERATORS, type Operand, type Operator, type Rows, rowsOf, textOf } from "./conditionText";

const PATHS = [
  "item",
  "inputs.price",
  "steps.fetch.json.items[0].name",
  'inputs["Website URL"]',
  'steps["my-id"].a',
  "steps.fetch.links[3]",
];
const OPERANDS: Operand[] = [
  { kind: "literal", value: 'it\'s "quoted" \\ && (odd)' },
  { kind: "literal", value: "" },
  { kind: "literal", value: -3.5 },
  { kind: "literal", value: 1e21 },
  { kind: "literal", value: 0 },
  { kind: "literal", value: true },
  { kind: "literal", value: null },
  { kind: "path", path: "inputs.other[1]" },
];

/** A generator with a seed, so that what fails once fails again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function somewhere<T>(list: readonly T[], pick: (below: number) => number): T {
  const found = list[pick(list.length)];
  if (found === undefined) throw new Error("the list is empty");
  return found;
}

describe("rows of a condition", () => {
  test("are read back as they were written, whatever they are", () => {
    const pick = random(7);
    for (let round = 0; round < 500; round += 1) {
      const rows = Array.from({ length: 1 + pick(4) }, () => {
        const operator = somewhere(Object.keys(OPERATORS) as Operator[], pick);
        const operand = OPERATORS[operator].takesValue ? somewhere(OPERANDS, pick) : null;
        return { path: somewhere(PATHS, pick), operator, operand };
      });
      const join = rows.length > 1 && pick(2) ? "any" : "all";
      const text = textOf({ join, rows });
      if (text === null) throw new Error("complete rows have a text");

      const read = rowsOf(text);

      // "does not exist" and "equals null" are the same words where there is no key to ask for.
      expect(read && textOf(read)).toBe(text);
      expect(read?.join).toBe(join);
      expect(read?.rows).toHaveLength(rows.length);
    }
  });

  test.each<[string, Rows["rows"][number]]>([
    ["steps.a.size>1000", lit("steps.a.size", "gt", 1000)],
    ["state.x == 'a'", lit("state.x", "equals", "a")],
    ["inputs.on == true", lit("inputs.on", "equals", true)],
    ["matches(input.text, 'invoice|refund')", lit("input.text", "matches", "invoice|refund")],
    ["!contains( a.b , 1)", lit("a.b", "not_contains", 1)],
    ["has(steps.a.b)", { path: "steps.a.b", operator: "exists", operand: null }],
    [
      "input.left == input.right",
      { path: "input.left", operator: "equals", operand: { kind: "path", path: "input.right" } },
    ],
  ])("%s is read as a row", (text, row) => {
    expect(rowsOf(text)).toEqual({ join: "all", rows: [row] });
  });

  test.each([
    "true",
    "num(inputs.price) > 100.0",
    "a.b == 1 && c.d == 2 || e.f == 3",
    "!(a.b == 1)",
    "a.b",
    "a.b ==",
    "size(a.b) > 3",
    "a.b in [1]",
    "a.b == 'open",
    "!has(steps.a) || (steps.a.ok && x.y < 1)",
    "",
  ])("%s stays text", (text) => {
    expect(rowsOf(text)).toBeNull();
  });

  test("have no text while one is not complete", () => {
    const whole = lit("a.b", "equals", 1);

    expect(textOf({ join: "all", rows: [whole, { ...whole, path: "" }] })).toBeNull();
    expect(textOf({ join: "all", rows: [{ ...whole, operand: null }] })).toBeNull();
    expect(textOf({ join: "all", rows: [] })).toBeNull();
  });
});

function lit(path: string, operator: Operator, value: string | number | boolean) {
  return { path, operator, operand: { kind: "literal", value } } as const;
}
