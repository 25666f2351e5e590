/** Which runs people see as steps: what somebody drew or named, not the plumbing in between. */
import type { StepView } from "@/execution/view";

/** Whether `step` is one that people care about; what was named by somebody is. */
export function isVisible(step: Pick<StepView, "internal" | "name" | "stepId">): boolean {
  return !step.internal || step.name !== step.stepId;
}
