/** A run as it happens, beside the canvas: how far it is, what it asks, what it logs, what failed.
 * Closing it never stops the run. */

import { Ghost } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { useRunDefinition } from "@/api/runDefinition";
import { useExecution, useHistory, useRefresh } from "@/execution/hooks";
import type { ExecutionView } from "@/execution/view";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { Tabs } from "@/ui/Tabs";
import { isCurrent } from "./ConnectionDot";
import { AnswerForm } from "./dialogs";
import { FailedStep } from "./FailedStep";
import { LiveHeader } from "./LiveHeader";
import { LiveSteps } from "./LiveSteps";
import { LogView } from "./LogView";
import { currentSteps, roundText, stepCount } from "./progress";
import { questionsOf } from "./questions";
import { StatusAnnouncer } from "./StatusAnnouncer";
import { hasEnded, shownStatus, stillFinishing } from "./stopping";
import { useCommands } from "./useCommands";
import { useFreshCounts } from "./useFreshCounts";
import { ValueView } from "./ValueView";

interface LivePanelProps {
  executionId: string;
  /** Closes the panel; the run goes on. */
  onDetach: () => void;
  /** Chooses a step on the canvas. */
  onSelect?: (key: string) => void;
}

/** The panel; it fills its parent. */
export function LivePanel({ executionId, onDetach, onSelect }: LivePanelProps) {
  const { view, record, connection, error } = useExecution(executionId);
  const history = useHistory(executionId);
  const refresh = useRefresh(executionId);
  const commands = useCommands(executionId, refresh);
  const definition = useRunDefinition(record?.workflow, record?.version).data;
  useFreshCounts(view?.status);
  const [tab, setTab] = useState("steps");
  const answered = useCallback(() => refresh(), [refresh]);
  if (!view) {
    if (error?.status === 404) return <Gone onDetach={onDetach} />;
    return error ? <ErrorState error={error} onRetry={refresh} /> : <Skeleton lines={6} />;
  }
  const still = !isCurrent(connection);
  const questions = hasEnded(view.status)
    ? []
    : questionsOf(executionId, record?.suspended ?? [], view.steps.values(), record?.waiting_for);
  return (
    <section aria-label="Run" className="flex h-full min-h-0 flex-col bg-surface">
      <StatusAnnouncer name="Run" status={shownStatus(view)} />
      <LiveHeader
        view={view}
        connection={connection}
        total={stepCount(definition)}
        commands={commands}
        onDetach={onDetach}
      />
      <Now view={view} />
      <div className="max-h-[55%] shrink-0 overflow-y-auto">
        {(questions.length > 0 || view.status === "failed") && (
          <div className="flex flex-col gap-2 p-3">
            <FailedStep view={view} definition={definition} commands={commands} />
            {questions.map((question) => (
              <Suspense key={question.id} fallback={<Skeleton lines={3} />}>
                <AnswerForm question={question} onAnswered={answered} />
              </Suspense>
            ))}
          </div>
        )}
      </div>
      <Tabs
        label="Run"
        value={tab}
        onChange={setTab}
        className="min-h-0 flex-1"
        tabs={[
          {
            id: "steps",
            label: "Steps",
            content: <LiveSteps steps={view.steps} still={still} onSelect={onSelect} />,
          },
          {
            id: "logs",
            label: `Logs${view.logCount ? ` (${view.logCount})` : ""}`,
            content: (
              <LogView
                lines={view.logs}
                live={!hasEnded(view.status)}
                fileName={`${executionId}.log`}
                {...(onSelect ? { onSelect } : {})}
              />
            ),
          },
          {
            id: "output",
            label: "Output",
            content: (
              <div className="p-3">
                {view.status === "completed" ? (
                  <ValueView value={view.output} label="Output" field="output" />
                ) : (
                  <p className="text-muted text-sm">
                    {hasEnded(view.status)
                      ? "It ended without an output."
                      : "It is there when the run has completed."}
                  </p>
                )}
              </div>
            ),
          },
        ]}
      />
      {history === "partial" && (
        <p className="border-line border-t px-3 py-1 text-muted text-xs">
          Only part of its history was read; the details have all of it.
        </p>
      )}
    </section>
  );
}

function Now({ view }: { view: ExecutionView }) {
  if (hasEnded(view.status)) return null;
  const finishing = view.stopping ? stillFinishing(view.steps.values()) : [];
  if (view.stopping) {
    const names = finishing.slice(0, 3).map((step) => step.name + roundText(step));
    const rest = finishing.length > 3 ? ` and ${finishing.length - 3} more` : "";
    return (
      <p className="border-line border-b px-3 py-1 text-sm">
        {names.length ? `Still finishing: ${names.join(", ")}${rest}` : "Coming to its end"}
      </p>
    );
  }
  const [current, ...others] = currentSteps(view);
  if (!current) return null;
  return (
    <p className="truncate border-line border-b px-3 py-1 text-sm">
      <span className="text-muted">Now </span>
      {current.name + roundText(current)}
      {others.length > 0 && <span className="text-muted">{` and ${others.length} more`}</span>}
    </p>
  );
}

function Gone({ onDetach }: { onDetach: () => void }) {
  return (
    <EmptyState
      icon={Ghost}
      title="This run is not there any more"
      actions={
        <button type="button" className="text-accent underline" onClick={onDetach}>
          Close
        </button>
      }
    >
      It was deleted, or it belongs to somebody else.
    </EmptyState>
  );
}
