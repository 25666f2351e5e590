/** How the test of one step goes, and what came of it. */
import { Link } from "react-router";
import type { NodeDoc } from "@/definition/document";
import { useExecution } from "@/execution/hooks";
import { FailureNote } from "@/run/FailureNote";
import { ValueView } from "@/run/ValueView";
import { messageOf } from "@/ui/placeholders";
import { StatusChip } from "@/ui/StatusChip";

/** The state, the output or the error of the execution that tests `node`. */
export function TestResult({ executionId, node }: { executionId: string; node: NodeDoc }) {
  const { view, error } = useExecution(executionId);
  if (error)
    return (
      <p role="alert" className="text-danger text-sm">
        {messageOf(error)}
      </p>
    );
  const runs = view ? [...view.steps.values()] : [];
  const run = runs.find((one) => one.stepId === node.id && one.rounds.length === 0);
  const status = view?.status ?? "pending";
  const failure = run?.error ?? view?.error;
  return (
    <section aria-label="Result of the test" aria-live="polite" className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <StatusChip status={status} />
        <Link className="text-accent text-xs underline" to={`/executions/${executionId}`}>
          Open the test run
        </Link>
      </div>
      {failure && <FailureNote short error={failure} />}
      {status === "completed" && (
        <ValueView value={run?.output ?? view?.output} label="Output" field="output" />
      )}
    </section>
  );
}
