/** The bar above the canvas: what it is, how it stands, and what can be done with all of it. */
import {
  Braces,
  Code,
  Download,
  EllipsisVertical,
  History,
  Keyboard,
  LayoutDashboard,
  Redo2,
  Save,
  Search,
  Undo2,
} from "lucide-react";
import { Link, useNavigate } from "react-router";
import { useDuplicateWorkflow } from "@/api/workflows";
import { RunButton } from "@/run/RunButton";
import { Button, IconButton } from "@/ui/Button";
import { Menu, type MenuItem } from "@/ui/Menu";
import { saveText } from "@/ui/saveText";
import type { Action } from "../keyboard/keys";
import type { Saving } from "../saving/useSaving";
import { useEditor, useEditorStore } from "../store";
import { ProblemChip, SaveChip } from "./SaveChip";
import { WorkflowName } from "./WorkflowName";

interface EditorHeaderProps {
  saving: Saving;
  onAction: (action: Action) => void;
  onStarted: (executionId: string) => void;
  onProblems: () => void;
  onShow: (what: "python" | "json") => void;
}

/** The bar. */
export function EditorHeader(props: EditorHeaderProps) {
  const { saving, onAction, onStarted, onProblems, onShow } = props;
  const { id, name } = useEditor((state) => state.workflow);
  const readOnly = useEditor((state) => state.readOnly);
  const diagnostics = useEditor((state) => state.diagnostics);
  const undo = useEditor((state) => state.history.past.at(-1)?.label);
  const redo = useEditor((state) => state.history.future.at(-1)?.label);
  return (
    <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-line border-b bg-surface px-3 py-1.5">
      <div className="flex min-w-0 flex-1 basis-60 items-center gap-2">
        <Link to="/workflows" className="hidden text-muted text-sm hover:underline sm:inline">
          Workflows
        </Link>
        <span aria-hidden className="hidden text-muted sm:inline">
          /
        </span>
        <WorkflowName />
        <nav aria-label="Of this workflow" className="hidden shrink-0 gap-3 text-sm xl:flex">
          <Link to={`/executions?workflow=${id}`} className="text-muted hover:underline">
            Runs
          </Link>
          <Link to={`/workflows/${id}/versions`} className="text-muted hover:underline">
            Versions
          </Link>
        </nav>
      </div>
      <div className="flex items-center gap-3">
        {!readOnly && <SaveChip state={saving.state} />}
        <ProblemChip onOpen={onProblems} />
      </div>
      <div className="flex flex-wrap items-center gap-1">
        {!readOnly && (
          <>
            <IconButton
              icon={Undo2}
              label={undo ? `Undo: ${undo}` : "Undo"}
              disabledReason={undo ? null : "there is nothing to undo"}
              onClick={() => onAction("undo")}
            />
            <IconButton
              icon={Redo2}
              label={redo ? `Redo: ${redo}` : "Redo"}
              disabledReason={redo ? null : "there is nothing to redo"}
              onClick={() => onAction("redo")}
            />
          </>
        )}
        <MoreMenu onAction={onAction} onShow={onShow} />
        {!readOnly && (
          <Button
            icon={Save}
            busy={saving.state === "saving"}
            disabledReason={saving.state === "saved" ? "Everything is saved" : null}
            onClick={() => onAction("save")}
          >
            Save
          </Button>
        )}
        <span data-run className="flex gap-1">
          <RunButton
            workflowId={id}
            name={name}
            dirty={!readOnly && saving.state !== "saved"}
            diagnostics={diagnostics}
            onStarted={onStarted}
          />
        </span>
      </div>
    </header>
  );
}

interface MoreMenuProps {
  onAction: (action: Action) => void;
  onShow: (what: "python" | "json") => void;
}

function MoreMenu({ onAction, onShow }: MoreMenuProps) {
  const store = useEditorStore();
  const navigate = useNavigate();
  const duplicate = useDuplicateWorkflow();
  const { id, readOnly } = { ...store.getState().workflow, readOnly: store.getState().readOnly };
  const items: MenuItem[] = [
    { label: "Find a step", icon: Search, shortcut: "Mod+F", onSelect: () => onAction("find") },
    ...(readOnly
      ? []
      : [
          {
            label: "Tidy the canvas",
            icon: LayoutDashboard,
            shortcut: "Shift+T",
            onSelect: () => onAction("tidy"),
          },
        ]),
    null,
    {
      label: "Executions",
      icon: History,
      onSelect: () => void navigate(`/executions?workflow=${id}`),
    },
    {
      label: "Versions",
      icon: History,
      onSelect: () => void navigate(`/workflows/${id}/versions`),
    },
    null,
    { label: "Show as Python", icon: Code, onSelect: () => onShow("python") },
    {
      label: readOnly ? "Show as JSON" : "Edit as JSON",
      icon: Braces,
      onSelect: () => onShow("json"),
    },
    {
      label: "Download",
      icon: Download,
      onSelect: () => {
        const { document } = store.getState();
        saveText(
          `${document.name || "workflow"}.json`,
          JSON.stringify(document, null, 2),
          "application/json",
        );
      },
    },
    {
      label: "Duplicate the workflow",
      icon: Code,
      help: "A copy of what is saved",
      onSelect: () =>
        duplicate.mutate(store.getState().workflow, {
          onSuccess: (made) => void navigate(`/workflows/${made.id}`),
        }),
    },
    null,
    { label: "Keys", icon: Keyboard, shortcut: "?", onSelect: () => onAction("help") },
  ];
  return <Menu trigger={<IconButton icon={EllipsisVertical} label="More" />} items={items} />;
}
