/** The run of a step that is looked at: what somebody chose, else what failed first. */
import { useMemo } from "react";
import { useStepRecord } from "@/api/executionSteps";
import { stepFromSnapshot } from "@/execution/snapshot";
import type { ExecutionView } from "@/execution/view";
import { failedStep } from "@/run/FailedStep";
import type { Run } from "./timeline/rows";
import type { Selection } from "./useSelection";

/** Returns the run, or `null` for the execution as a whole.  One that is not among those that were
 * read, as a round far down, is asked for. */
export function useChosen(
  view: ExecutionView,
  runs: readonly Run[],
  { key, within }: Pick<Selection, "key" | "within">,
): Run | null {
  const executionId = within ?? view.id;
  const known = useMemo(() => {
    if (key === undefined) return view.status === "failed" ? firstFailure(runs) : null;
    return runs.find((it) => it.step.key === key && it.executionId === executionId) ?? null;
  }, [runs, key, executionId, view.status]);
  const asked = known === null && key ? key : null;
  const record = useStepRecord(executionId, asked, view.lastSeq).data;
  return useMemo(() => {
    if (asked === null || !record) return known;
    return { step: stepFromSnapshot(record, view.lastSeq), executionId };
  }, [known, asked, record, executionId, view.lastSeq]);
}

/** The failed run to look at first, also in nested executions. */
function firstFailure(runs: readonly Run[]): Run | null {
  const step = failedStep(runs.map((run) => run.step));
  return runs.find((run) => run.step === step) ?? null;
}
