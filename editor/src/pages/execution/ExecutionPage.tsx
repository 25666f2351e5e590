/** All of one run: its head, what it waits for, its tabs, and the inspector of the chosen step. */
import { Suspense, useMemo } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import type { ExecutionRecord } from "@/api/execution";
import { useRunDefinition } from "@/api/runDefinition";
import { type LiveState, useHistory, useRefresh } from "@/execution/hooks";
import type { ExecutionView, StepView } from "@/execution/view";
import { isCurrent } from "@/run/ConnectionDot";
import { AnswerForm } from "@/run/dialogs";
import { FailedStep, failedStep } from "@/run/FailedStep";
import { stepCount } from "@/run/progress";
import { type Question, questionsOf } from "@/run/questions";
import { StatusAnnouncer } from "@/run/StatusAnnouncer";
import { hasEnded, shownStatus, stillFinishing } from "@/run/stopping";
import { useCommands } from "@/run/useCommands";
import { useFreshCounts } from "@/run/useFreshCounts";
import { classNames } from "@/ui/classNames";
import { Dialog } from "@/ui/Dialog";
import { useNarrow } from "@/ui/narrow";
import { Skeleton } from "@/ui/placeholders";
import { ExecutionHeader } from "./ExecutionHeader";
import { ExecutionTabs } from "./ExecutionTabs";
import { StepInspector } from "./inspector/StepInspector";
import { Overview } from "./Overview";
import type { Run } from "./timeline/rows";
import { useChosen } from "./useChosen";
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
  useFreshCounts(view.status);
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
  const chosen = useChosen(view, runs.runs, selection);
  const questions = ended
    ? []
    : questionsOf(id, record.suspended, view.steps.values(), record.waiting_for);
  const finishing = view.stopping && !ended ? stillFinishing(view.steps.values()) : [];

  const formOf = (question: Question) => (
    <Suspense key={question.id} fallback={<Skeleton lines={3} />}>
      <AnswerForm question={question} onAnswered={refresh} />
    </Suspense>
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
      target={targetOf(chosen, id, record.root)}
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
    <div className={classNames("flex flex-col", !narrow && "h-full min-h-0")}>
      <div className={classNames("shrink-0", !narrow && "max-h-[50%] overflow-y-auto")}>
        <div className="flex flex-col gap-2 p-3 empty:hidden">
          {finishing.length > 0 && (
            <p role="status" className="text-sm">
              {`Still finishing: ${finishing.map((step) => step.name).join(", ")}`}
            </p>
          )}
          {(narrow || chosen?.step.status !== "failed") && (
            <FailedStep
              view={view}
              definition={definition.data}
              commands={commands}
              onShow={(step) => selection.select(step)}
            />
          )}
          {!ended && (
            <WhyNot
              reasons={record.waiting_for}
              nameOf={(key) => view.steps.get(key)?.name ?? key}
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
        className={narrow ? "h-[80dvh]" : "min-h-0 flex-1"}
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
    <div className={classNames("flex flex-col", !narrow && "h-full min-h-0")}>
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
          {main}
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

/** How commands to the page's execution name the run of a step: its key, or ids from outside in. */
function targetOf({ step, executionId }: Run, page: string, root: string | null) {
  if (root !== null) return null;
  if (executionId === page) return step.key;
  const ids = step.path.filter((part) => typeof part === "string");
  return ids.length === step.path.length ? ids : null;
}

function selectedOf({ key, stepId, name, rounds }: StepView) {
  return { key, stepId, name, repeated: rounds.length > 0 };
}
