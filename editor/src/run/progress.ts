/** How far an execution has come: "step 4 of 7", and what it is at.  Pure. */
import type { ExecutionView, StepView } from "@/execution/view";

const BUSY: Record<string, number> = {
  running: 0,
  suspended: 1,
  retrying: 2,
  waiting: 3,
  scheduled: 4,
};

/** Returns the steps people care about at this moment, the busiest first. */
export function currentSteps(view: Pick<ExecutionView, "steps">): StepView[] {
  return [...view.steps.values()]
    .filter((step) => step.status in BUSY && !step.internal)
    .filter((step) => step.nested === null && step.progress === null)
    .sort((left, right) => (BUSY[left.status] ?? 9) - (BUSY[right.status] ?? 9));
}

/** Returns where a repeated step stands, as in "item 3" for a run in the third round. */
export function roundText(step: Pick<StepView, "rounds">): string {
  return step.rounds.length ? ` · ${step.rounds.map((round) => round + 1).join(".")}` : "";
}

/** Returns "step n of m": the one it is at, or how many are done; `total` comes from the
 * definition, and is not said where it is not known. */
export function progressText(
  view: Pick<ExecutionView, "status" | "counters">,
  total: number | null,
): string {
  const { reached, settled, failed } = view.counters;
  const of = total !== null && total >= reached ? ` of ${total}` : "";
  if (["completed", "failed", "cancelled"].includes(view.status)) {
    const done = settled - failed;
    const steps = (of && total !== null ? total : done) === 1 ? "step" : "steps";
    return `${done}${of} ${steps} done${failed ? `, ${failed} failed` : ""}`;
  }
  return reached === 0 ? `Not begun${of ? `, ${total} steps` : ""}` : `Step ${reached}${of}`;
}

/** Returns how many steps the graph of `definition` has outside repetitions, as the counters of a
 * view count them: those that people see, of all cases of a branch. */
export function stepCount(definition: unknown): number | null {
  if (typeof definition !== "object" || definition === null) return null;
  const { nodes } = definition as { nodes?: unknown };
  if (!Array.isArray(nodes)) return null;
  let count = 0;
  for (const node of nodes as { type?: string; cases?: unknown; otherwise?: unknown }[]) {
    if (node.type === "branch") {
      const cases = Array.isArray(node.cases) ? (node.cases as { body?: unknown }[]) : [];
      for (const one of cases) count += stepCount(one.body) ?? 0;
    } else if (!PLUMBING.has(node.type ?? "")) count += 1;
  }
  return count;
}

const PLUMBING = new Set(["map", "loop", "bail"]);
