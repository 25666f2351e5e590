/** One thing that waits: what it is about, until when, and the form that answers it. */
import { ArrowLeft, ExternalLink } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { type TaskRecord, useTask, type WaitingRow, waitingOf } from "@/api/inbox";
import { ValueView } from "@/run/ValueView";
import { Button } from "@/ui/Button";
import { JsonTree } from "@/ui/JsonTree";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { AnswerForm } from "./AnswerForm";
import { Deadline } from "./Deadline";
import { taskOf } from "./inboxFilters";
import { closedSentence } from "./inboxWords";

interface InboxDetailProps {
  id: string;
  /** As it was last seen in the list; a link may lead to one that is in no list. */
  row: WaitingRow | undefined;
  /** Whether the list has it no longer. */
  gone: boolean;
  onAnswered: (row: WaitingRow) => void;
  onBack: () => void;
}

/** The panel. */
export function InboxDetail({ id, row, gone, onAnswered, onBack }: InboxDetailProps) {
  const number = row?.task ?? taskOf(id);
  const task = useTask(number);
  if (number !== null && task.error && !task.data) {
    return <ErrorState error={task.error} onRetry={() => void task.refetch()} />;
  }
  if (number !== null && !task.data) return <Skeleton lines={6} />;
  const shown = task.data ? fromRecord(task.data, row) : row;
  if (!shown) {
    return (
      <EmptyState icon={ArrowLeft} title="This waits no longer">
        It was answered, or what asked it has ended. <Link to="/inbox">Back to the inbox</Link>
      </EmptyState>
    );
  }
  return (
    <article className="flex flex-col gap-4 p-4 sm:p-6">
      <div className="lg:hidden">
        <Button small look="quiet" icon={ArrowLeft} onClick={onBack}>
          All that waits
        </Button>
      </div>
      <Head row={shown} />
      <About row={shown} />
      <Ask row={shown} task={task.data} gone={gone} onAnswered={() => onAnswered(shown)} />
    </article>
  );
}

function Head({ row }: { row: WaitingRow }) {
  return (
    <header>
      <h2 className="break-words font-semibold text-lg">{row.title || row.step_name}</h2>
      <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-sm">
        <span>{row.workflow_name || row.workflow}</span>
        <span>
          {"asked "}
          <Time at={row.since} />
        </span>
        <Deadline at={row.deadline_at} />
        <Link
          to={`/executions/${encodeURIComponent(row.root)}?step=${encodeURIComponent(row.key)}`}
          className="inline-flex items-center gap-1 text-accent underline"
        >
          Open the execution
          <ExternalLink aria-hidden className="size-3.5" />
        </Link>
      </p>
    </header>
  );
}

function About({ row }: { row: WaitingRow }) {
  const { payload, event } = row;
  if (event) {
    return (
      <p className="text-sm">
        {"It waits for the event "}
        <code className="rounded bg-hover px-1">{event}</code>
        {". Usually a program sends it; you can do so by hand."}
      </p>
    );
  }
  if (payload === null || payload === undefined) return null;
  const isPlain = typeof payload === "object" && !Array.isArray(payload);
  const entries = isPlain ? Object.entries(payload) : [];
  if (entries.length === 0 && isPlain) return null;
  return (
    <section aria-label="What it is about" className="rounded-lg border border-line bg-surface p-3">
      {isPlain && !("truncated" in payload) ? (
        <dl className="flex flex-col gap-2 text-sm">
          {entries.map(([name, value]) => (
            <div key={name}>
              <dt className="text-muted text-xs">{name.replaceAll("_", " ")}</dt>
              <dd className="whitespace-pre-wrap break-words">
                {value !== null && typeof value === "object" ? (
                  <JsonTree value={value} />
                ) : (
                  String(value)
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <ValueView value={payload} label="What it is about" field="suspend_payload" />
      )}
    </section>
  );
}

interface AskProps {
  row: WaitingRow;
  task: TaskRecord | undefined;
  gone: boolean;
  onAnswered: () => void;
}

function Ask({ row, task, gone, onAnswered }: AskProps) {
  // Whoever began to answer keeps the form, even when somebody else is quicker.
  const [wasOpen] = useState(task === undefined || task.status === "open");
  const given = task?.status === "answered" ? <GivenAnswer task={task} /> : null;
  if (!wasOpen) return given ?? <p className="text-sm">{closedSentence(task, gone)}</p>;
  if (task?.status === "open" && !task.can_answer) {
    return (
      <p className="rounded-md bg-hover px-3 py-2 text-sm">
        {`Only those it is for may answer: ${task.assignees.join(", ") || (task.owner ?? "its owner")}.`}
      </p>
    );
  }
  return (
    <>
      {given}
      <AnswerForm row={row} closed={closedSentence(task, gone)} onAnswered={onAnswered} />
    </>
  );
}

function GivenAnswer({ task }: { task: TaskRecord }) {
  return (
    <section
      aria-label="The answer"
      className="rounded-lg border border-line bg-surface p-3 text-sm"
    >
      <p className="mb-2">
        {`Answered${task.answered_by ? ` by ${task.answered_by}` : ""} `}
        <Time at={task.answered_at} />
      </p>
      <JsonTree value={task.answer} open={2} />
      {task.comment && <p className="mt-2 whitespace-pre-wrap break-words">{task.comment}</p>}
    </section>
  );
}

function fromRecord(task: TaskRecord, row: WaitingRow | undefined): WaitingRow {
  return { ...(row ?? waitingOf(task)), form: task.form, payload: task.context };
}
