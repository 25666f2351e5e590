/** Asks for a workflow's name before it is deleted, which cannot be taken back. */
import { useState } from "react";
import { useDeleteWorkflow, type WorkflowRow } from "@/api/workflows";
import { ConfirmDialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

/** The question; shown as long as it is rendered. */
export function DeleteWorkflow({ row, onClose }: { row: WorkflowRow; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const remove = useDeleteWorkflow();
  const toast = useToast();
  const matches = typed.trim() === row.name.trim();
  const confirm = () =>
    remove.mutate(row.id, {
      onSuccess: () => {
        toast({ title: `${row.name} is deleted` });
        onClose();
      },
    });
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Delete ${row.name}?`}
      confirm="Delete it"
      danger
      busy={remove.isPending}
      disabledReason={matches ? null : "Type its name first"}
      onConfirm={confirm}
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (matches && !remove.isPending) confirm();
        }}
      >
        <p className="text-sm">
          The workflow and its versions go for good. Its executions stay in the history, and those
          that are running go on. To only put it away, archive it.
        </p>
        <Field
          label={`Type “${row.name}” to confirm`}
          error={remove.error ? messageOf(remove.error) : null}
        >
          {(parts) => (
            <TextInput
              {...parts}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      </form>
    </ConfirmDialog>
  );
}
