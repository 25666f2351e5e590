/** The timeline's lines: runs under what they are in, plumbing left out. */
import { expect, test } from "vitest";
import { newStep } from "@/execution/steps";
import type { StepView } from "@/execution/view";
import { type RowOptions, type Run, rowsOf } from "./rows";

const OPTIONS: RowOptions = { above: 0, plumbing: false, toggled: new Map() };

function run(path: (string | number)[], changes: Partial<StepView> = {}): Run {
  const last = path.findLast((part) => typeof part === "string") as string;
  const rounds = path.filter((part) => typeof part === "number");
  const key = last + rounds.map((round) => `[${round}]`).join("");
  const name = { key, nodeId: last, stepId: last, rounds, container: null };
  const step = { ...newStep(name, { path, step_name: last }), ...changes };
  return { step, executionId: "e" };
}

function outline(runs: Run[], options: Partial<RowOptions> = {}): string[] {
  return rowsOf(runs, { ...OPTIONS, ...options }).map(
    (row) => "  ".repeat(row.depth) + [row.label, row.round].filter(Boolean).join(" · "),
  );
}

test("runs stand under what they are in", () => {
  const runs = [
    run(["fetch"]),
    run(["each"], { kind: "foreach" }),
    run(["each", 0, "price"]),
    run(["each", 0, "note"]),
    run(["each", 1, "price"]),
  ];

  expect(outline(runs)).toEqual([
    "fetch",
    "each",
    "  item 1",
    "    price",
    "    note",
    "  price · item 2",
  ]);
});

test("rounds of a loop are called rounds", () => {
  const runs = [run(["months"], { kind: "loop", internal: true }), run(["months", 0, "pay"])];

  expect(outline(runs)).toEqual(["months", "  pay · round 1"]);
});

test("plumbing is left out unless it holds something", () => {
  const runs = [
    run(["map"], { internal: true, kind: "map" }),
    run(["route"], { internal: true, kind: "branch" }),
    run(["inner"]),
  ];

  expect(outline(runs)).toEqual(["route", "inner"]);
  expect(outline(runs, { plumbing: true })).toEqual(["map", "route", "inner"]);
});

test("a round of plumbing alone is shown by what it did", () => {
  const runs = [
    run(["each"], { kind: "foreach" }),
    run(["each", 0, "twice"], { internal: true, kind: "map" }),
  ];

  expect(outline(runs)).toEqual(["each", "  twice · item 1"]);
});

test("many rounds are closed until somebody opens them", () => {
  const rounds = Array.from({ length: 500 }, (_, index) => run(["each", index, "price"]));
  const runs = [run(["each"], { kind: "foreach" }), ...rounds];

  expect(outline(runs)).toEqual(["each"]);
  expect(outline(runs, { toggled: new Map([["/each", true]]) })).toHaveLength(501);
});

test("a nested execution's rows stand under the step that it is inside of", () => {
  const nested = { ...run(["sub", "inner"]), executionId: "child" };

  expect(outline([run(["sub"], { kind: "workflow", nested: "child" }), nested])).toEqual([
    "sub",
    "  inner",
  ]);
});

test("a group is as its most urgent part, over all its time", () => {
  const rows = rowsOf(
    [
      run(["each", 0, "a"], { status: "completed", startedAt: "2026-01-01T00:00:01Z" }),
      run(["each", 0, "b"], { status: "failed", endedAt: "2026-01-01T00:00:09Z" }),
    ],
    OPTIONS,
  );

  expect(rows[0]?.status).toBe("failed");
  expect((rows[0]?.to ?? 0) - (rows[0]?.from ?? 0)).toBe(8_000);
});
