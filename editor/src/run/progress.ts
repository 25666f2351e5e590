/** How far an execution has come: "step 4 of 7", and what it is at.  Pure. */
import type { ExecutionView, StepView } from "@/execution/view";
import { isVisible } from "./visible";

const BUSY: Record<string, number> = {
  running: 0,
  suspended: 1,
  retrying: 2,
  waiting: 3,
  scheduled: 4,
};
const CONTAINERS = new Set(["branch", "loop", "foreach", "workflow"]);
const ENDED = new Set(["completed", "failed", "cancelled"]);

/** Returns the steps people care about at this moment, the busiest first; what only holds others
 * is not among them. */
export function currentSteps(view: Pick<ExecutionView, "steps">): StepView[] {
  return [...view.steps.values()]
    .filter((step) => step.status in BUSY && isVisible(step) && !isContainer(step))
    .sort((left, right) => (BUSY[left.status] ?? 9) - (BUSY[right.status] ?? 9));
}

/** Whether a run only holds others, so that its time is theirs. */
export function isContainer(step: Pick<StepView, "kind" | "nested" | "progress">): boolean {
  return step.nested !== null || step.progress !== null || CONTAINERS.has(step.kind ?? "");
}

/** Returns where a repeated step stands, as " · 3" for a run in the third round. */
export function roundText(step: Pick<StepView, "rounds">): string {
  return step.rounds.length ? ` · ${step.rounds.map((round) => round + 1).join(".")}` : "";
}

/** Returns "step n of m" while it goes on, and how many were done at the end; `total` comes from
 * the definition, and is not said where it is not known. */
export function progressText(
  view: Pick<ExecutionView, "status" | "steps">,
  total: number | null,
): string {
  const runs = [...view.steps.values()].filter(
    (step) => step.rounds.length === 0 && isVisible(step),
  );
  const reached = runs.length;
  const of = total !== null && total >= reached ? ` of ${total}` : "";
  if (!ENDED.has(view.status)) {
    return reached === 0 ? `Not begun${of ? `, ${total} steps` : ""}` : `Step ${reached}${of}`;
  }
  const done = runs.filter((it) => it.status === "completed" || it.status === "skipped").length;
  const failed = runs.filter((it) => it.status === "failed" && !it.handled).length;
  const steps = (of && total !== null ? total : done) === 1 ? "step" : "steps";
  return `${done}${of} ${steps} done${failed ? `, ${failed} failed` : ""}`;
}

interface Scope {
  nodes?: unknown;
}

interface DrawnNode {
  type?: string;
  name?: string | null;
  cases?: unknown;
}

/** Returns how many steps the graph of `definition` has outside repetitions, of all cases of its
 * branches, as far as people see them; `null` where there is no graph. */
export function stepCount(definition: unknown): number | null {
  if (typeof definition !== "object" || definition === null) return null;
  const { nodes } = definition as Scope;
  if (!Array.isArray(nodes)) return null;
  let count = 0;
  for (const node of nodes as DrawnNode[]) {
    if (node.name || !PLUMBING.has(node.type ?? "")) count += 1;
    const cases = node.type === "branch" && Array.isArray(node.cases) ? node.cases : [];
    for (const one of cases as { body?: unknown }[]) count += stepCount(one.body) ?? 0;
  }
  return count;
}

const PLUMBING = new Set(["map", "branch", "loop", "bail"]);
