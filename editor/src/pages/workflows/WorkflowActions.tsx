/** What can be done to one workflow from the list. */
import {
  Archive,
  ArchiveRestore,
  Copy,
  Download,
  Ellipsis,
  GitBranch,
  History,
  PencilRuler,
  Play,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import {
  readWorkflow,
  useArchiveWorkflow,
  useDuplicateWorkflow,
  type WorkflowRow,
} from "@/api/workflows";
import { Button, IconButton } from "@/ui/Button";
import { Menu, type MenuItem } from "@/ui/Menu";
import { messageOf } from "@/ui/placeholders";
import { saveText } from "@/ui/saveText";
import { useToast } from "@/ui/Toast";
import { DeleteWorkflow } from "./DeleteWorkflow";
import { fileNameOf } from "./fileName";

interface WorkflowActionsProps {
  row: WorkflowRow;
  onRun: (row: WorkflowRow) => void;
}

/** Returns why a workflow cannot be run, in words; `null` if it can. */
export function whyNot({ archived, compile }: WorkflowRow): string | null {
  if (archived) return "It is archived; take it out of the archive first";
  if (compile.version === null) return "It has errors; open it to see what to mend";
  return null;
}

/** The buttons of a row. */
export function WorkflowActions({ row, onRun }: WorkflowActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  const items = useItems(row, () => setDeleting(true));
  return (
    <>
      <Button small icon={Play} disabledReason={whyNot(row)} onClick={() => onRun(row)}>
        Run
      </Button>
      <Menu
        trigger={<IconButton small icon={Ellipsis} label={`More for ${row.name}`} />}
        items={items}
      />
      {isDeleting && <DeleteWorkflow row={row} onClose={() => setDeleting(false)} />}
    </>
  );
}

function useItems(row: WorkflowRow, onDelete: () => void): MenuItem[] {
  const navigate = useNavigate();
  const toast = useToast();
  const duplicate = useDuplicateWorkflow();
  const archive = useArchiveWorkflow();
  const failed = (error: unknown) =>
    toast({ title: "That did not work", body: messageOf(error), tone: "danger" });
  const address = `/workflows/${encodeURIComponent(row.id)}`;
  const fromCode = row.source === "python" ? "It comes from code, which decides about it" : null;
  const setArchived = (archived: boolean) =>
    archive.mutate(
      { id: row.id, archived },
      {
        onError: failed,
        onSuccess: () =>
          archived &&
          toast({
            title: `${row.name} is in the archive`,
            action: { label: "Undo", onSelect: () => setArchived(false) },
          }),
      },
    );
  return [
    { label: "Open", icon: PencilRuler, onSelect: () => void navigate(address) },
    {
      label: "History",
      icon: History,
      onSelect: () => void navigate(`/executions?workflow=${encodeURIComponent(row.id)}`),
    },
    {
      label: "Versions",
      icon: GitBranch,
      onSelect: () => void navigate(`${address}/versions`),
    },
    null,
    {
      label: "Duplicate",
      icon: Copy,
      onSelect: () =>
        duplicate.mutate(row, {
          onError: failed,
          onSuccess: (made) => void navigate(`/workflows/${encodeURIComponent(made.id)}`),
        }),
    },
    {
      label: "Export as JSON",
      icon: Download,
      onSelect: () =>
        void readWorkflow(row.id).then(
          ({ definition }) =>
            saveText(fileNameOf(row.name), `${JSON.stringify(definition, null, 2)}\n`),
          failed,
        ),
    },
    null,
    row.archived
      ? {
          label: "Take out of the archive",
          icon: ArchiveRestore,
          disabledReason: fromCode,
          onSelect: () => setArchived(false),
        }
      : {
          label: "Archive",
          icon: Archive,
          help: "Out of the list, and nothing of it starts",
          disabledReason: fromCode,
          onSelect: () => setArchived(true),
        },
    {
      label: "Delete…",
      icon: Trash2,
      danger: true,
      disabledReason: fromCode,
      onSelect: onDelete,
    },
  ];
}
