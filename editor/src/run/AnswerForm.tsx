/** One open question: what it shows, the form of its answer, and until when. */
import { Hourglass } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import { useAnswerTask, useCommand } from "@/api/execution";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { validate } from "@/schema/validate";
import { Button } from "@/ui/Button";
import { JsonTree } from "@/ui/JsonTree";
import { messageOf } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { inputProblems } from "./inputProblems";
import type { Question } from "./questions";

interface AnswerFormProps {
  executionId: string;
  question: Question;
  /** Called once the answer was taken. */
  onAnswered: () => void;
}

/** The question. */
export function AnswerForm({ executionId, question, onAnswered }: AnswerFormProps) {
  const { kind, form } = question;
  const [value, setValue] = useState<unknown>(() => defaultsOf(form) ?? {});
  const [tried, setTried] = useState(false);
  const [broken, setBroken] = useState(false);
  const { busy, error, answer } = useAnswer(executionId, question, onAnswered);
  const problems = useMemo(() => inputProblems(error, "/data"), [error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (broken || busy || (form && validate(form, value).length > 0)) return;
    answer(value);
  };
  return (
    <form
      onSubmit={submit}
      aria-label={question.title}
      className="rounded-md border border-state-waiting/50 bg-state-waiting-soft/40 p-3 text-sm"
    >
      <div className="flex items-start gap-2">
        <Hourglass aria-hidden className="mt-0.5 size-4 shrink-0 text-state-waiting" />
        <div className="min-w-0 flex-1">
          <p className="font-medium">{question.title}</p>
          <p className="text-muted text-xs">
            {question.assignees.length > 0 && `For ${question.assignees.join(", ")} · `}
            {question.since && (
              <>
                since <Time at={question.since} />
              </>
            )}
            {question.until && (
              <>
                {" · until "}
                <Time at={question.until} />
              </>
            )}
          </p>
        </div>
      </div>
      {hasContent(question.shown) && (
        <div className="mt-2 rounded border border-line bg-surface p-2">
          <JsonTree value={question.shown} open={2} />
        </div>
      )}
      <div className="mt-3">
        <SchemaForm
          schema={form}
          value={value}
          onChange={setValue}
          errors={problems}
          showErrors={tried}
          disabled={busy}
          label={kind === "event" ? "Data of the event" : "Answer"}
          onBrokenChange={setBroken}
        />
      </div>
      {error && (
        <p role="alert" className="mt-2 text-danger">
          {messageOf(error)}
        </p>
      )}
      <Button
        type="submit"
        look="primary"
        className="mt-3"
        busy={busy}
        disabledReason={broken ? "The text is not JSON" : null}
      >
        {kind === "event" ? "Send the event" : "Answer"}
      </Button>
    </form>
  );
}

function useAnswer(executionId: string, question: Question, onAnswered: () => void) {
  const command = useCommand(executionId);
  const task = useAnswerTask();
  const options = { onSuccess: onAnswered };
  const { event, step, index } = question;
  return {
    busy: command.isPending || task.isPending,
    error: command.error ?? task.error,
    answer: (data: unknown) => {
      if (question.task !== null) task.mutate({ task: question.task, data }, options);
      else if (event) command.mutate({ command: "send-event", body: { event, data } }, options);
      else {
        const item = index === null ? {} : { foreach_index: index };
        command.mutate({ command: "resume", body: { data, step, ...item } }, options);
      }
    },
  };
}

function hasContent(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
