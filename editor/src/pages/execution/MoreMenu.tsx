/** What is seldom done with a run: copied, saved, opened elsewhere, deleted. */
import {
  Braces,
  ClipboardCopy,
  Download,
  Ellipsis,
  Link2,
  PencilRuler,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { call } from "@/api/call";
import { type ExecutionRecord, executionAddress, useDeleteExecution } from "@/api/execution";
import { IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { Menu } from "@/ui/Menu";
import { messageOf } from "@/ui/placeholders";
import { saveText } from "@/ui/saveText";
import { useToast } from "@/ui/Toast";

/** The menu. */
export function MoreMenu({ record, ended }: { record: ExecutionRecord; ended: boolean }) {
  const navigate = useNavigate();
  const toast = useToast();
  const remove = useDeleteExecution(record.id);
  const [asking, setAsking] = useState(false);
  const address = executionAddress(record.id);
  const copy = (text: string, what: string) =>
    void navigator.clipboard?.writeText(text).then(() => toast({ title: `${what} copied` }));
  const whole = async (then: (text: string) => void) => {
    try {
      then(JSON.stringify(await call("GET", address, { query: { full: true } }), null, 2));
    } catch (error) {
      toast({ title: "It could not be read", body: messageOf(error), tone: "danger" });
    }
  };
  return (
    <>
      <Menu
        trigger={<IconButton small look="secondary" icon={Ellipsis} label="More" />}
        items={[
          {
            label: "Copy link",
            icon: Link2,
            onSelect: () => copy(window.location.href, "Link"),
          },
          {
            label: "Copy as JSON",
            icon: ClipboardCopy,
            onSelect: () => void whole((text) => copy(text, "Run")),
          },
          {
            label: "Show the raw JSON",
            icon: Braces,
            onSelect: () => void window.open(address, "_blank", "noopener"),
          },
          {
            label: "Download",
            icon: Download,
            onSelect: () => void whole((text) => saveText(`run-${record.id}.json`, text)),
          },
          {
            label: "Open in the editor",
            icon: PencilRuler,
            onSelect: () => void navigate(`/workflows/${record.workflow}?run=${record.id}`),
          },
          null,
          {
            label: "Delete",
            icon: Trash2,
            danger: true,
            disabledReason: ended ? null : "It has not ended",
            onSelect: () => setAsking(true),
          },
        ]}
      />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Delete this run?"
        confirm="Delete"
        danger
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => void navigate("/executions"),
            onError: (error) =>
              toast({ title: "It was not deleted", body: messageOf(error), tone: "danger" }),
          })
        }
      >
        <p className="text-sm">
          Its history, inputs, outputs and log lines go with it. This cannot be undone.
        </p>
      </ConfirmDialog>
    </>
  );
}
