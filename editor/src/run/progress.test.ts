/** How far an execution is, in words. */
import { expect, test } from "vitest";
import { newStep } from "@/execution/steps";
import type { StepView } from "@/execution/view";
import { currentSteps, progressText, stepCount } from "./progress";

function step(id: string, changes: Partial<StepView> = {}): StepView {
  const name = { key: id, nodeId: id, stepId: id, rounds: [], container: null };
  return { ...newStep(name, { step_name: `Step ${id}` }), kind: "tool", ...changes };
}

function view(status: "running" | "completed" | "failed" | "cancelled", ...steps: StepView[]) {
  return { status, steps: new Map(steps.map((it) => [it.key, it])) };
}

test("it says which step of how many", () => {
  const now = view("running", step("a", { status: "completed" }), step("b", { status: "running" }));

  expect(progressText(now, 5)).toBe("Step 2 of 5");
  expect(progressText(now, null)).toBe("Step 2");
});

test("at the end it says what was done, and what failed", () => {
  const steps = [step("a", { status: "completed" }), step("b", { status: "failed" })];

  expect(progressText(view("failed", ...steps), 3)).toBe("1 of 3 steps done, 1 failed");
});

test("what was cancelled was not done", () => {
  const steps = [step("a", { status: "completed" }), step("b", { status: "cancelled" })];

  expect(progressText(view("cancelled", ...steps), 2)).toBe("1 of 2 steps done");
});

test("plumbing counts once somebody named it", () => {
  const map = { status: "completed", internal: true, kind: "map" } as const;
  const steps = [step("named", map), step("unnamed", { ...map, name: "unnamed" })];

  expect(progressText(view("completed", ...steps), null)).toBe("1 step done");
});

test("what only holds others is not what it is at", () => {
  const now = view(
    "running",
    step("each", { kind: "foreach", status: "running" }),
    step("price", { status: "running" }),
  );

  expect(currentSteps(now).map((it) => it.key)).toEqual(["price"]);
});

test("steps of a definition are counted with those of its branches, without rounds", () => {
  const definition = {
    nodes: [
      { id: "a", type: "tool" },
      { id: "m", type: "map" },
      { id: "n", type: "map", name: "Verdict" },
      { id: "b", type: "branch", name: "Large?", cases: [{ body: { nodes: [{ type: "tool" }] } }] },
      { id: "f", type: "foreach", body: { nodes: [{ type: "tool" }, { type: "tool" }] } },
    ],
  };

  expect(stepCount(definition)).toBe(5);
  expect(stepCount(null)).toBeNull();
});
