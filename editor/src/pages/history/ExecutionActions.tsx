/** What can be done to one execution from the history, by its state. */
import { CircleStop, CopyPlus, Ellipsis, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type ExecutionSummary, useCommand, useDeleteExecution } from "@/api/execution";
import { hasEnded } from "@/api/workflows";
import { Button, IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

/** The buttons of a row: the likely one, and a menu with the others. */
export function ExecutionActions({ row }: { row: ExecutionSummary }) {
  const [isDeleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();
  const command = useCommand(row.id);
  const ended = hasEnded(row.status);
  const open = (id: string | undefined) =>
    id ? void navigate(`/executions/${encodeURIComponent(id)}`) : undefined;
  const onError = (error: unknown) =>
    toast({ title: "That did not work", body: messageOf(error), tone: "danger" });
  const cancel = () =>
    command.mutate(
      { command: "cancel" },
      { onError, onSuccess: () => toast({ title: "It is being cancelled" }) },
    );
  const retry = () =>
    command.mutate(
      { command: "retry" },
      { onError, onSuccess: () => toast({ title: "It goes on from where it failed" }) },
    );
  const rerun = () =>
    command.mutate(
      { command: "rerun" },
      {
        onError,
        onSuccess: (made) =>
          toast({
            title: "It runs again, with the same input",
            action: { label: "Open", onSelect: () => open(made.execution_id ?? made.id) },
          }),
      },
    );
  return (
    <>
      {!ended && (
        <Button
          small
          icon={CircleStop}
          busy={command.isPending}
          disabledReason={row.stopping ? "It is already stopping" : null}
          onClick={cancel}
        >
          Cancel
        </Button>
      )}
      {row.status === "failed" && (
        <Button small icon={RotateCcw} busy={command.isPending} onClick={retry}>
          Retry
        </Button>
      )}
      <Menu
        trigger={<IconButton small icon={Ellipsis} label={`More for execution ${row.id}`} />}
        items={[
          { label: "Open", onSelect: () => open(row.id) },
          {
            label: "Run again",
            icon: CopyPlus,
            help: "A new execution with the same input",
            onSelect: rerun,
          },
          null,
          {
            label: "Delete…",
            icon: Trash2,
            danger: true,
            disabledReason: ended ? null : "Only what has ended can be deleted",
            onSelect: () => setDeleting(true),
          },
        ]}
      />
      {isDeleting && <DeleteExecution id={row.id} onClose={() => setDeleting(false)} />}
    </>
  );
}

function DeleteExecution({ id, onClose }: { id: string; onClose: () => void }) {
  const remove = useDeleteExecution(id);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Delete this execution?"
      confirm="Delete it"
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
    >
      <p className="text-sm">Its values, steps and log go for good. The workflow stays as it is.</p>
      {remove.error && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {messageOf(remove.error)}
        </p>
      )}
    </ConfirmDialog>
  );
}
