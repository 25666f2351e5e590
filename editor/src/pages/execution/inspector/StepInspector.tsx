/** One run of a step: what came in, what came out, why it failed, and what can be done about it. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, FlaskConical, Pencil, RotateCcw, SkipForward, StepForward } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { Link } from "react-router";
import { recordQuery } from "@/api/execution";
import { useStepDetail, useStepRecord } from "@/api/executionSteps";
import { useRunDefinition } from "@/api/runDefinition";
import type { DefinitionDoc, NodeDoc } from "@/definition/document";
import { nodeIn } from "@/definition/everyNode";
import { isPreview } from "@/execution/preview";
import type { LogLine, StepView } from "@/execution/view";
import { SkipDialog } from "@/run/dialogs";
import { FailureNote } from "@/run/FailureNote";
import { roundText } from "@/run/progress";
import { hasEnded } from "@/run/stopping";
import type { Commands } from "@/run/useCommands";
import { ValueView } from "@/run/ValueView";
import { Button, IconButton } from "@/ui/Button";
import { JsonTree } from "@/ui/JsonTree";
import { StatusChip } from "@/ui/StatusChip";
import { Tabs } from "@/ui/Tabs";
import { LogsTab } from "../LogsTab";
import { StepSummary } from "./StepSummary";

interface StepInspectorProps {
  executionId: string;
  /** How the execution that it is of stands. */
  status: string;
  /** The workflow whose editor can take over its data; empty for a nested one. */
  workflow: string;
  step: StepView;
  definition: DefinitionDoc | undefined;
  lines: readonly LogLine[];
  commands: Commands;
  /** What it asks. */
  question: ReactNode;
  /** As commands to the page's execution name the step; `null` where they cannot. */
  target: string | string[] | null;
  tab: string;
  onTab: (tab: string) => void;
  still: boolean;
  onClose: () => void;
}

/** The inspector; it fills its parent. */
export function StepInspector(props: StepInspectorProps) {
  const { executionId, step, definition, tab, onTab, onClose, still } = props;
  const record = useStepRecord(executionId, step.key, step.seq).data ?? null;
  // Whole values are read when they are small, or asked for.
  const isSmall = record !== null && !isPreview(record.input) && !isPreview(record.output);
  const detail = useStepDetail(executionId, step.key, step.seq, isSmall).data;
  // The record keeps the failure of an attempt that another one made good.
  const error = step.error ?? (step.status === "failed" ? record?.error : null) ?? null;
  const nested = useNestedDefinition(executionId, definition === undefined);
  const node = nodeIn(definition ?? nested ?? {}, step.stepId);
  const config = detail?.config ?? node;
  const input = detail?.input ?? record?.input;
  const tabs = [
    {
      id: "summary",
      label: "Summary",
      content: <StepSummary step={step} attempts={detail?.attempts} still={still} />,
    },
    ...(error
      ? [
          {
            id: "error",
            label: "Error",
            content: (
              <div className="p-3">
                <FailureNote error={error} />
              </div>
            ),
          },
        ]
      : []),
    { id: "input", label: "Input", content: <Value value={input} label="Input" step={step} /> },
    {
      id: "output",
      label: "Output",
      content: <Value value={outputOf(step, record?.output)} label="Output" step={step} />,
    },
    {
      id: "logs",
      label: "Logs",
      content: (
        <LogsTab
          executionId={executionId}
          step={step.key}
          lines={props.lines}
          live={!hasEnded(props.status)}
        />
      ),
    },
    {
      id: "config",
      label: "Config",
      content: (
        <div className="p-3">
          {config ? (
            <JsonTree value={config} open={3} searchable />
          ) : (
            <p className="text-muted text-sm">How it was set up is not known.</p>
          )}
        </div>
      ),
    },
  ];
  const first = error ? "error" : "summary";
  const shown = tabs.some((it) => it.id === tab) ? tab : first;
  return (
    <section aria-label={`Step ${step.name}`} className="flex h-full min-h-0 flex-col">
      <header className="border-line border-b px-3 py-2">
        <div className="flex items-center gap-2">
          <IconButton small icon={ArrowLeft} label="Back to the whole run" onClick={onClose} />
          <h2 className="min-w-0 flex-1 truncate font-semibold">{step.name + roundText(step)}</h2>
          <StatusChip status={step.status} />
        </div>
        <Actions {...props} node={node} />
      </header>
      {props.question && (
        <div className="max-h-[60%] shrink-0 overflow-y-auto p-3">{props.question}</div>
      )}
      <Tabs label="Step" tabs={tabs} value={shown} onChange={onTab} className="min-h-0 flex-1" />
    </section>
  );
}

/** The definition of a nested execution, which the page does not have. */
function useNestedDefinition(executionId: string, isNested: boolean): DefinitionDoc | undefined {
  const record = useQuery({ ...recordQuery(executionId), enabled: isNested }).data;
  return useRunDefinition(record?.workflow, record?.version).data;
}

function Value({ value, label, step }: { value: unknown; label: string; step: StepView }) {
  const field = label.toLowerCase();
  return (
    <div className="p-3">
      <ValueView
        value={value}
        label={label}
        field={field}
        prefix={field === "output" ? `steps.${step.stepId}` : "input"}
        fileName={`${step.key}-${field}.json`}
      />
    </div>
  );
}

function outputOf(step: StepView, recorded: unknown): unknown {
  if (step.status !== "completed") return undefined;
  return step.output ?? recorded;
}

interface ActionsProps extends StepInspectorProps {
  node: NodeDoc | null;
}

const SKIPPABLE = new Set(["failed", "waiting", "suspended", "retrying"]);

function Actions({ step, status, workflow, executionId, commands, target, node }: ActionsProps) {
  const [skipping, setSkipping] = useState(false);
  const ended = hasEnded(status);
  const elsewhere = target ? null : "Only the run that it belongs to can do this: open that";
  const round = step.rounds.length > 0 ? "It is one round: choose what repeats it" : null;
  return (
    <div className="mt-1.5 flex flex-wrap gap-1.5">
      {step.status === "failed" && status === "failed" && (
        <Button
          small
          icon={RotateCcw}
          busy={commands.busy === "retry"}
          disabledReason={elsewhere}
          onClick={() => void commands.send("retry", { step: target })}
        >
          Retry
        </Button>
      )}
      {(ended || status === "paused") && (
        <Button
          small
          icon={StepForward}
          busy={commands.busy === "time-travel"}
          disabledReason={elsewhere ?? round}
          onClick={() =>
            void commands.send("time-travel", {
              step: typeof target === "string" ? step.stepId : target,
            })
          }
        >
          Retry from here
        </Button>
      )}
      {SKIPPABLE.has(step.status) && (!ended || status === "failed") && (
        <Button
          small
          icon={SkipForward}
          disabledReason={elsewhere}
          onClick={() => setSkipping(true)}
        >
          Skip…
        </Button>
      )}
      {workflow && (step.status === "completed" || step.status === "failed") && (
        <Link
          to={`/workflows/${workflow}?run=${executionId}&select=${encodeURIComponent(step.stepId)}`}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-accent text-xs hover:bg-hover"
        >
          {step.status === "failed" ? (
            <>
              <Pencil aria-hidden className="size-4" />
              Mend it in the editor
            </>
          ) : (
            <>
              <FlaskConical aria-hidden className="size-4" />
              Use as test data
            </>
          )}
        </Link>
      )}
      {step.nested && (
        <Link
          to={`/executions/${step.nested}`}
          className="inline-flex h-7 items-center rounded-md px-2 text-accent text-xs hover:bg-hover"
        >
          Open the run inside
        </Link>
      )}
      {skipping && target && (
        <Suspense>
          <SkipDialog
            step={step}
            target={target}
            node={node}
            commands={commands}
            onClose={() => setSkipping(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
