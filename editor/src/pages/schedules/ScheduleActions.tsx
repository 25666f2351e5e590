/** What can be done to one schedule. */
import { Ellipsis, ListChecks, Pause, Pencil, Play, Trash2, Zap } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type ScheduleCommand, type ScheduleRow, useScheduleCommand } from "@/api/schedules";
import { Button, IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";
import { FiresPanel } from "./Fires";

interface ScheduleActionsProps {
  row: ScheduleRow;
  onEdit: (id: string) => void;
}

const DONE: Record<ScheduleCommand, string> = {
  pause: "It is paused: nothing of it starts",
  resume: "It goes on with its next time",
  trigger: "It runs now",
  delete: "The schedule is deleted",
};

/** The buttons of a row. */
export function ScheduleActions({ row, onEdit }: ScheduleActionsProps) {
  const [panel, setPanel] = useState<"delete" | "fires" | null>(null);
  const command = useScheduleCommand(row.id);
  const toast = useToast();
  const navigate = useNavigate();
  const send = (which: ScheduleCommand) =>
    command.mutate(which, {
      onError: (error) =>
        toast({ title: "That did not work", body: messageOf(error), tone: "danger" }),
      onSuccess: (answer) => {
        setPanel(null);
        const id = which === "trigger" ? answer?.execution_id : undefined;
        const watch = () => void navigate(`/executions/${encodeURIComponent(id ?? "")}`);
        toast({
          title: DONE[which],
          ...(id ? { action: { label: "Watch it", onSelect: watch } } : {}),
        });
      },
    });
  const fromCode = row.source === "python" ? "It comes from code, which decides about it" : null;
  return (
    <>
      <Button
        small
        icon={row.paused ? Play : Pause}
        busy={command.isPending}
        onClick={() => send(row.paused ? "resume" : "pause")}
      >
        {row.paused ? "Resume" : "Pause"}
      </Button>
      <Menu
        trigger={
          <IconButton
            small
            icon={Ellipsis}
            label={`More for the schedule of ${row.workflow_name}`}
          />
        }
        items={[
          {
            label: "Run now",
            icon: Zap,
            help: "Once, beside its times",
            onSelect: () => send("trigger"),
          },
          {
            label: "What became of it",
            icon: ListChecks,
            onSelect: () => setPanel("fires"),
          },
          {
            label: "Change…",
            icon: Pencil,
            disabledReason: fromCode,
            onSelect: () => onEdit(row.id),
          },
          null,
          {
            label: "Delete…",
            icon: Trash2,
            danger: true,
            disabledReason: fromCode,
            onSelect: () => setPanel("delete"),
          },
        ]}
      />
      {panel === "fires" && <FiresPanel schedule={row} onClose={() => setPanel(null)} />}
      <ConfirmDialog
        open={panel === "delete"}
        onOpenChange={(open) => open || setPanel(null)}
        title={`Delete the schedule of ${row.workflow_name}?`}
        confirm="Delete it"
        danger
        busy={command.isPending}
        onConfirm={() => send("delete")}
      >
        <p className="text-sm">
          Nothing of it starts any more. The workflow and what has run stay. To only stop it for a
          while, pause it.
        </p>
      </ConfirmDialog>
    </>
  );
}
