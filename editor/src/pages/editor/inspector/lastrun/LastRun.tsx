/** What this step did in the last runs, and a try of it alone. */
import { History } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useStepDetail } from "@/api/executionSteps";
import { type NodeRun, useNodeRuns } from "@/api/nodeRuns";
import type { NodeKey } from "@/definition/addresses";
import type { NodeDoc } from "@/definition/document";
import { FailureNote } from "@/run/FailureNote";
import { ValueView } from "@/run/ValueView";
import { Select } from "@/ui/inputs";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { StatusChip } from "@/ui/StatusChip";
import { Time } from "@/ui/Time";
import { useEditor } from "../../store";
import { Section } from "../Section";
import { TestStep } from "./TestStep";

interface LastRunProps {
  nodeKey: NodeKey;
  node: NodeDoc;
}

/** The tab. */
export function LastRun({ node }: LastRunProps) {
  const workflowId = useEditor((state) => state.workflow.id);
  const latest = useEditor((state) => state.lastExecutionId);
  const runs = useNodeRuns(workflowId, node.id, latest);
  const [wanted, setWanted] = useState<"good" | "failed" | null>(null);
  if (runs.isPending) return <Skeleton lines={5} />;
  if (runs.isError) return <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />;
  const { good, failed } = runs.data;
  const which = wanted ?? (newer(failed, good) ? "failed" : "good");
  const shown = (which === "failed" ? failed : good) ?? good ?? failed;
  return (
    <div className="flex flex-col gap-4 p-3">
      {shown ? (
        <>
          <div className="flex flex-wrap items-center gap-2 text-sm">
            {good && failed ? (
              <Select
                small
                className="w-auto!"
                aria-label="Which run"
                options={[
                  { value: "good", label: "Last that went well" },
                  { value: "failed", label: "Last that failed" },
                ]}
                value={which}
                onChange={(next) => setWanted(next as "good" | "failed")}
              />
            ) : (
              <StatusChip status={shown.run.status} />
            )}
            {shown.run.key !== node.id && <code className="text-xs">{shown.run.key}</code>}
            <Time at={shown.run.ended_at ?? shown.run.started_at} />
            <Link
              className="ml-auto text-accent text-xs underline"
              to={`/executions/${shown.execution.id}?step=${encodeURIComponent(shown.run.key)}`}
            >
              Open the run
            </Link>
          </div>
          <RunValues key={`${shown.execution.id}${shown.run.key}`} {...shown} />
        </>
      ) : (
        <EmptyState icon={History} title="This step has not run yet">
          Run the workflow, or test the step alone below.
        </EmptyState>
      )}
      <TestStep
        key={`${node.id} ${good?.execution.id ?? ""}`}
        node={node}
        workflowId={workflowId}
        past={good ?? failed}
      />
    </div>
  );
}

function RunValues({ execution, run }: NodeRun) {
  const detail = useStepDetail(execution.id, run.key, 0);
  const shown = detail.data ?? run;
  return (
    <>
      {shown.error !== null && shown.error !== undefined && <FailureNote error={shown.error} />}
      <div>
        <Section title="Input" open>
          <ValueView value={shown.input} label="Input" field="input" />
        </Section>
        <Section title="Output" open>
          <ValueView value={shown.output ?? undefined} label="Output" field="output" />
        </Section>
      </div>
    </>
  );
}

function newer(one: NodeRun | null, other: NodeRun | null): boolean {
  const [first, second] = [one?.run.ended_at ?? "", other?.run.ended_at ?? ""];
  return one !== null && first > second;
}
