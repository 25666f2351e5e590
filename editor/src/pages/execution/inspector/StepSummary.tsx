/** When a run of a step was asked for, began and ended, its attempts, and what it waits for. */
import type { ReactNode } from "react";
import type { AttemptRecord } from "@/api/executionSteps";
import type { AttemptView, StepView } from "@/execution/view";
import { valueLine } from "@/run/valueLine";
import { CopyButton } from "@/ui/CopyButton";
import { JsonTree } from "@/ui/JsonTree";
import { StatusIcon } from "@/ui/StatusChip";
import { Duration, Time } from "@/ui/Time";

interface StepSummaryProps {
  step: StepView;
  /** As the server keeps them; else those that events told of. */
  attempts: readonly AttemptRecord[] | undefined;
  still: boolean;
}

/** The summary. */
export function StepSummary({ step, attempts, still }: StepSummaryProps) {
  const rows = attempts?.length ? attempts.map(ofRecord) : step.attempts.map(ofView);
  return (
    <div className="flex flex-col gap-4 p-3 text-sm">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <Fact word="Id">
          <code className="break-all">{step.key}</code>
          <CopyButton text={step.key} label="Copy the step’s key" />
        </Fact>
        {step.kind && <Fact word="Kind">{step.kind}</Fact>}
        <Fact word="Ready since">
          <Time at={step.scheduledAt} />
        </Fact>
        {step.scheduledAt && step.startedAt && (
          <Fact word="In the queue">
            <Duration from={step.scheduledAt} to={step.startedAt} />
          </Fact>
        )}
        <Fact word="Began">
          <Time at={step.startedAt} />
        </Fact>
        {step.startedAt && (
          <Fact word="Took">
            <Duration from={step.startedAt} to={step.endedAt} still={still} />
          </Fact>
        )}
        {step.progress && (
          <Fact word="Rounds">
            {step.progress.total === null
              ? step.progress.completed
              : `${step.progress.completed} of ${step.progress.total}`}
          </Fact>
        )}
        {step.event && <Fact word="Waits for the event">{step.event}</Fact>}
        {step.until && (
          <Fact word="Until">
            <Time at={step.until} />
          </Fact>
        )}
        {step.retryAt && (
          <Fact word="Next attempt">
            <Time at={step.retryAt} />
          </Fact>
        )}
        {step.suppliedBy && <Fact word="Output given by">{step.suppliedBy}</Fact>}
        {step.handled && <Fact word="Failure">The run went on all the same</Fact>}
      </dl>
      {rows.length > 0 && (
        <section aria-label="Attempts">
          <h3 className="mb-1 font-medium">Attempts</h3>
          <ol className="flex flex-col gap-1">
            {rows.map((row) => (
              <Attempt key={row.number} row={row} still={still} />
            ))}
          </ol>
        </section>
      )}
      {step.streamed.length > 0 && (
        <section aria-label="Written while it ran">
          <h3 className="mb-1 font-medium">{`Written while it ran (${step.streamedCount})`}</h3>
          <ol className="flex max-h-60 flex-col gap-1 overflow-auto">
            {step.streamed.map((one) => (
              <li key={one.seq} className="break-words font-mono text-xs">
                {one.kind && <span className="text-muted">{`${one.kind} `}</span>}
                {valueLine(one.output)}
              </li>
            ))}
          </ol>
        </section>
      )}
      {step.resumedAt && (
        <section aria-label="Answer">
          <h3 className="mb-1 font-medium">The answer it got</h3>
          <JsonTree value={step.resumeData} open={2} />
        </section>
      )}
    </div>
  );
}

interface Row {
  number: number;
  status: string;
  from: string | null;
  to: string | null;
  message: string;
  retryAt: string | null;
  worker: string;
}

function ofRecord(it: AttemptRecord): Row {
  const error = it.error as { message?: string } | null;
  return {
    number: it.number,
    status: it.status,
    from: it.started_at,
    to: it.ended_at,
    message: error?.message ?? "",
    retryAt: it.retry_at,
    worker: it.worker ?? "",
  };
}

function ofView(it: AttemptView): Row {
  return {
    number: it.attempt,
    status: it.error ? "failed" : it.endedAt ? "completed" : "running",
    from: it.startedAt,
    to: it.endedAt,
    message: it.error?.message ?? "",
    retryAt: it.retryAt,
    worker: "",
  };
}

function Attempt({ row, still }: { row: Row; still: boolean }) {
  return (
    <li className="rounded border border-line px-2 py-1">
      <div className="flex flex-wrap items-center gap-x-3">
        <span className="inline-flex items-center gap-1.5">
          <StatusIcon status={row.status} className="size-3.5" />
          {`${row.number}. ${row.status}`}
        </span>
        {row.from && (
          <span className="text-muted text-xs">
            <Duration from={row.from} to={row.to} still={still} />
          </span>
        )}
        {row.worker && <span className="text-muted text-xs">{row.worker}</span>}
      </div>
      {row.message && <p className="break-words text-danger text-xs">{row.message}</p>}
      {row.retryAt && (
        <p className="text-muted text-xs">
          {"Again "}
          <Time at={row.retryAt} />
        </p>
      )}
    </li>
  );
}

function Fact({ word, children }: { word: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{word}</dt>
      <dd className="flex min-w-0 items-center">{children}</dd>
    </>
  );
}
