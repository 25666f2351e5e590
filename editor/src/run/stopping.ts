/** How an execution stands between "cancel it" and "it is cancelled".  Pure. */
import type { StepView } from "@/execution/view";
import { isContainer } from "./progress";
import { isVisible } from "./visible";

const AT_WORK = new Set(["running"]);
const ENDED = new Set(["completed", "failed", "cancelled"]);

/** Whether it has ended. */
export function hasEnded(status: string): boolean {
  return ENDED.has(status);
}

/** Returns the status to show: "cancelling" or "stopping" while what runs may still finish. */
export function shownStatus(view: { status: string; stopping: string }): string {
  if (hasEnded(view.status) || !view.stopping) return view.status;
  return view.stopping === "cancel" ? "cancelling" : "stopping";
}

/** Returns the steps that are still at work, plumbing aside. */
export function stillFinishing(steps: Iterable<StepView>): StepView[] {
  return [...steps].filter(
    (step) => AT_WORK.has(step.status) && isVisible(step) && !isContainer(step),
  );
}
