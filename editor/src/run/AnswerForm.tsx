/** One open question: what it shows, the form of its answer, and until when. */
import { Hourglass } from "lucide-react";
import { type FormEvent, useMemo } from "react";
import { useAnswer } from "@/api/answering";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { useFormValue } from "@/schema/useFormValue";
import { Button } from "@/ui/Button";
import { JsonTree } from "@/ui/JsonTree";
import { messageOf } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { inputProblems } from "./inputProblems";
import type { Question } from "./questions";

interface AnswerFormProps {
  question: Question;
  /** Called once the answer was taken. */
  onAnswered: () => void;
}

/** The question. */
export function AnswerForm({ question, onAnswered }: AnswerFormProps) {
  const { kind, form } = question;
  const entered = useFormValue(form, () => defaultsOf(form) ?? {});
  const { mutate, isPending, error } = useAnswer();
  const problems = useMemo(() => inputProblems(error, "/data"), [error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!entered.mayGo() || isPending) return;
    mutate({ to: question.to, data: entered.value }, { onSuccess: onAnswered });
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
                {" · due "}
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
          {...entered.fields}
          errors={problems}
          disabled={isPending}
          label={kind === "event" ? "Data of the event" : "Answer"}
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
        busy={isPending}
        disabledReason={entered.isBroken ? "The text is not JSON" : null}
      >
        {kind === "event" ? "Send the event" : "Answer"}
      </Button>
    </form>
  );
}

function hasContent(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
