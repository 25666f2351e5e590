/** The form that answers what waits.  Keeps what was entered whatever the server says. */
import { Send } from "lucide-react";
import { useState } from "react";
import { useAnswer } from "@/api/answering";
import { ApiError } from "@/api/errors";
import { placeOf, type WaitingRow } from "@/api/inbox";
import { inputProblems } from "@/run/inputProblems";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { useFormValue } from "@/schema/useFormValue";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { TextArea } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";

interface AnswerFormProps {
  row: WaitingRow;
  /** Why nobody can answer any more; what was entered stays. */
  closed: string | null;
  onAnswered: () => void;
}

/** The form. */
export function AnswerForm({ row, closed, onAnswered }: AnswerFormProps) {
  const schema = row.form;
  const entered = useFormValue(schema, () => defaultsOf(schema) ?? (schema ? {} : null));
  const [comment, setComment] = useState("");
  const { mutate, isPending, error } = useAnswer();
  const problems = inputProblems(error, "/data");
  const isOver = closed !== null || isSettled(error);
  const send = () => {
    if (!entered.mayGo() || isOver || isPending) return;
    const answer = { to: placeOf(row), data: entered.value, comment: comment.trim() };
    mutate(answer, { onSuccess: onAnswered });
  };
  return (
    <form
      aria-label="Your answer"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <SchemaForm
        {...entered.fields}
        errors={problems}
        disabled={isOver || isPending}
        label="Answer"
      />
      {row.kind === "approval" && (
        <Field
          label="Remark"
          help="For people: kept with the answer, the workflow does not see it."
        >
          {(parts) => (
            <TextArea
              {...parts}
              rows={2}
              maxLength={2000}
              disabled={isOver || isPending}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
      )}
      {(closed ?? error) !== null && (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
          {closed ?? messageOf(error)}
          {isOver && " What you entered was not sent; it stays here until you leave."}
        </p>
      )}
      <div>
        <Button
          type="submit"
          look="primary"
          icon={Send}
          busy={isPending}
          disabledReason={
            isOver
              ? "It is asked no more"
              : entered.isBroken
                ? "Mend the JSON in the form first"
                : null
          }
        >
          {row.kind === "event" ? "Send the event" : "Send the answer"}
        </Button>
      </div>
    </form>
  );
}

/** Whether the server says that no answer counts any more. */
function isSettled(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    ["task.answered", "task.closed", "command.not_applicable"].includes(error.code)
  );
}
