/** The run as a whole: what came in and out of it, what it used, what it is kin to. */
import type { ReactNode } from "react";
import type { ExecutionRecord } from "@/api/execution";
import type { ExecutionView } from "@/execution/view";
import { hasEnded } from "@/run/stopping";
import { ValueView } from "@/run/ValueView";
import { Block, Lineage } from "./Lineage";

interface OverviewProps {
  view: ExecutionView;
  record: ExecutionRecord;
  /** What waits for an answer. */
  questions?: ReactNode;
}

/** The overview; it is shown where no step is selected. */
export function Overview({ view, record, questions }: OverviewProps) {
  const usage = Object.entries(record.usage);
  const state = record.state;
  const hasState = typeof state === "object" && state !== null && Object.keys(state).length > 0;
  return (
    <div>
      {questions}
      {view.stopReason && <Block title="Why it was stopped">{stopText(view)}</Block>}
      <Block title="Input">
        <ValueView value={record.input} label="Input" field="input" prefix="inputs" />
      </Block>
      <Block title="Output">
        {view.status === "completed" ? (
          <ValueView value={view.output} label="Output" field="output" />
        ) : (
          <p className="text-muted text-sm">
            {hasEnded(view.status) ? "It ended without one." : "It has not ended."}
          </p>
        )}
      </Block>
      {hasState && (
        <Block title="Shared state">
          <ValueView value={state} label="State" field="state" prefix="state" />
        </Block>
      )}
      {usage.length > 0 && (
        <Block title="Usage">
          <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
            {usage.map(([kind, count]) => (
              <div key={kind} className="flex gap-1.5">
                <dt className="text-muted">{kind.replaceAll("_", " ")}</dt>
                <dd className="tabular-nums">{count.toLocaleString()}</dd>
              </div>
            ))}
          </dl>
        </Block>
      )}
      <Lineage record={record} />
    </div>
  );
}

function stopText(view: ExecutionView) {
  return (
    <p className="text-sm">
      {view.stopReason}
      {view.stoppedBy && <span className="text-muted">{` (${view.stoppedBy})`}</span>}
    </p>
  );
}
