/** All of one run: its head, what it waits for, its tabs, and the inspector of the chosen step. */
import { useMemo } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { ExecutionRecord } from "@/api/execution";
import { useRunDefinition } from "@/api/runDefinition";
import { type LiveState, useHistory, useRefresh } from "@/execution/hooks";
import type { ExecutionView, StepView } from "@/execution/view";
import { AnswerForm } from "@/run/AnswerForm";
import { isCurrent } from "@/run/ConnectionDot";
import { FailedStep, failedStep } from "@/run/FailedStep";
import { stepCount } from "@/run/progress";
import { type Question, questionsOf } from "@/run/questions";
import { StatusAnnouncer } from "@/run/StatusAnnouncer";
import { hasEnded, shownStatus, stillFinishing } from "@/run/stopping";
import { useCommands } from "@/run/useCommands";
import { Dialog } from "@/ui/Dialog";
import { useNarrow } from "@/ui/narrow";
import { ExecutionHeader } from "./ExecutionHeader";
import { ExecutionTabs } from "./ExecutionTabs";
import { StepInspector } from "./inspector/StepInspector";
import { Overview } from "./Overview";
import { useRuns } from "./useRuns";
import { useSelection } from "./useSelection";
import { WhyNot } from "./WhyNot";

/** Logs longer than this are not read for the attempts in them: the steps keep their own. */
const LONG_LOG = 5_000;

interface ExecutionPageProps {
  live: LiveState;
  view: ExecutionView;
  record: ExecutionRecord;
}

/** The page. */
export function ExecutionPage({ live, view, record }: ExecutionPageProps) {
  const { connection } = live;
  const { id } = view;
  useHistory(record.last_seq <= LONG_LOG ? id : null);
  const refresh = useRefresh(id);
  const commands = useCommands(id, refresh);
  const definition = useRunDefinition(record.workflow, record.version);
  const runs = useRuns(view, record.more_steps);
  const selection = useSelection();
  const narrow = useNarrow();
  const ended = hasEnded(view.status);
  const still = !isCurrent(connection);

  const failed = useMemo(
    () => (view.status === "failed" ? failedStep(view.steps.values()) : null),
    [view.status, view.steps],
  );
  const key = selection.key === undefined ? (failed?.key ?? null) : selection.key;
  const within = selection.within ?? id;
  const chosen =
    runs.runs.find((run) => run.step.key === key && run.executionId === within) ?? null;
  const questions = ended
    ? []
    : questionsOf(id, record.suspended, view.steps.values(), record.waiting_for);
  const finishing = view.stopping && !ended ? stillFinishing(view.steps.values()) : [];

  const formOf = (question: Question) => (
    <AnswerForm key={question.id} executionId={id} question={question} onAnswered={refresh} />
  );
  const asked =
    chosen && questions.find((it) => it.id === `${chosen.executionId}/${chosen.step.key}`);
  const forms = questions.length > 0 && (
    <div className="flex flex-col gap-2 p-3">{questions.map(formOf)}</div>
  );

  const inspector = chosen ? (
    <StepInspector
      key={`${chosen.executionId}/${chosen.step.key}`}
      executionId={chosen.executionId}
      status={view.status}
      workflow={chosen.executionId === id && record.version > 0 ? record.workflow : ""}
      step={chosen.step}
      definition={chosen.executionId === id ? definition.data : undefined}
      lines={chosen.executionId === id ? view.logs : []}
      commands={commands}
      question={asked ? formOf(asked) : null}
      isOutermost={record.root === null && chosen.executionId === id}
      tab={selection.part}
      onTab={selection.showPart}
      still={still}
      onClose={() => selection.select(null)}
    />
  ) : (
    <div className="h-full overflow-y-auto">
      <Overview view={view} record={record} questions={forms} />
    </div>
  );
  const main = (
    <div className="flex h-full min-h-0 flex-col">
      <div className="max-h-[50%] shrink-0 overflow-y-auto">
        <div className="flex flex-col gap-2 p-3 empty:hidden">
          {finishing.length > 0 && (
            <p role="status" className="text-sm">
              {`Still finishing: ${finishing.map((step) => step.name).join(", ")}`}
            </p>
          )}
          <FailedStep
            view={view}
            definition={definition.data}
            commands={commands}
            onShow={(step) => selection.select(step)}
          />
          {!ended && (
            <WhyNot
              reasons={record.waiting_for}
              onSelect={(step, of) => selection.select(step, of === id ? null : of)}
            />
          )}
          {chosen && !asked && questions.length > 0 && (
            <Asked count={questions.length} onShow={() => selection.select(null)} />
          )}
          {narrow && forms}
        </div>
      </div>
      <ExecutionTabs
        view={view}
        runs={runs}
        definition={definition.data}
        definitionLoading={definition.isLoading}
        selection={selection}
        chosen={chosen}
        still={still}
        overview={narrow ? <Overview view={view} record={record} /> : null}
      />
    </div>
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <StatusAnnouncer name={record.workflow_name} status={shownStatus(view)} />
      <ExecutionHeader
        view={view}
        record={record}
        connection={connection}
        total={stepCount(definition.data)}
        commands={commands}
        retry={{
          status: view.status,
          stopping: view.stopping,
          failed,
          selected: chosen && chosen.executionId === id ? selectedOf(chosen.step) : null,
          nested: record.root !== null,
          test: record.version === 0,
        }}
      />
      {narrow ? (
        <>
          <div className="min-h-0 flex-1">{main}</div>
          <Dialog
            side
            open={chosen !== null && selection.key !== undefined}
            onOpenChange={() => selection.select(null)}
            title={chosen?.step.name ?? ""}
          >
            {inspector}
          </Dialog>
        </>
      ) : (
        <Group className="min-h-0 flex-1">
          <Panel minSize="30%" defaultSize="62%">
            {main}
          </Panel>
          <Separator
            aria-label="Width of the inspector"
            className="w-1 bg-line hover:bg-accent focus-visible:bg-accent"
          />
          <Panel minSize="20%">
            <aside aria-label="Inspector" className="h-full min-h-0 bg-surface">
              {inspector}
            </aside>
          </Panel>
        </Group>
      )}
    </div>
  );
}

function Asked({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <p className="flex items-center gap-2 rounded-md bg-state-waiting-soft px-3 py-1.5 text-sm">
      {count === 1 ? "It asks for an answer." : `It asks for ${count} answers.`}
      <button type="button" onClick={onShow} className="text-accent underline">
        Answer
      </button>
    </p>
  );
}

function selectedOf({ key, stepId, name, rounds }: StepView) {
  return { key, stepId, name, repeated: rounds.length > 0 };
}
