/** The workflow as a tree, with the same powers as the canvas, for keyboards and screen readers. */
import { EllipsisVertical, ListTree, Plus } from "lucide-react";
import { type KeyboardEvent, memo, type RefObject, useMemo, useRef, useState } from "react";
import type { NodeKey } from "@/definition/addresses";
import { deleteNodes } from "@/definition/commands/deleting";
import { isContainer, titleOf } from "@/definition/document";
import { Button } from "@/ui/Button";
import { classNames } from "@/ui/classNames";
import { Menu } from "@/ui/Menu";
import { EmptyState } from "@/ui/placeholders";
import { StatusIcon } from "@/ui/StatusChip";
import { lookOf, STATE_TEXTS } from "@/ui/state";
import { roundsText } from "../canvas/NodeState";
import { ProblemMark } from "../canvas/ProblemMark";
import type { InsertPlace } from "../canvas/RunContext";
import { useShownNode } from "../canvas/useShownNode";
import { nodeLook, nodeSummary } from "../nodeLooks";
import { useDocument, useEditor, useEditorStore, useNode, useReadOnly } from "../store";
import { nodeMenu } from "./nodeMenu";
import { type OutlineRow, outlineRows } from "./rows";

interface OutlineProps {
  executionId: string | null;
  onInsert: (where: InsertPlace) => void;
}

/** The outline; it fills its parent. */
export function Outline({ executionId, onInsert }: OutlineProps) {
  const document = useDocument();
  const readOnly = useReadOnly();
  const rows = useMemo(() => outlineRows(document), [document]);
  const tree = useRef<HTMLDivElement>(null);
  const selection = useEditor((state) => state.selection);
  const current = selection[0] ?? rows.find((row) => row.kind === "node")?.key;

  if (rows.length === 0) {
    return (
      <EmptyState
        icon={ListTree}
        title="No steps yet"
        actions={
          !readOnly && (
            <Button look="primary" icon={Plus} onClick={() => onInsert({ scope: "" })}>
              Add the first step
            </Button>
          )
        }
      >
        A workflow is a few steps that follow each other. Each receives what the one before put out.
      </EmptyState>
    );
  }
  return (
    <div ref={tree} role="tree" aria-label="Steps of the workflow" className="p-1.5">
      {rows.map((row) =>
        row.kind === "node" ? (
          <NodeRow
            key={row.key}
            nodeKey={row.key}
            level={row.level}
            tree={tree}
            isCurrent={row.key === current}
            isSelected={selection.includes(row.key)}
            executionId={executionId}
            onInsert={onInsert}
          />
        ) : (
          <BodyRow key={`body ${row.key}`} row={row} onInsert={readOnly ? null : onInsert} />
        ),
      )}
    </div>
  );
}

interface NodeRowProps {
  nodeKey: NodeKey;
  level: number;
  tree: RefObject<HTMLDivElement | null>;
  isCurrent: boolean;
  isSelected: boolean;
  executionId: string | null;
  onInsert: (where: InsertPlace) => void;
}

const NodeRow = memo(function NodeRow(props: NodeRowProps) {
  const { nodeKey, level, tree, isCurrent, isSelected, executionId, onInsert } = props;
  const store = useEditorStore();
  const readOnly = useReadOnly();
  const node = useNode(nodeKey);
  const view = useShownNode(executionId, node?.id ?? "");
  if (!node) return null;
  const { icon: Icon, word } = nodeLook(node);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      focusNeighbour(tree.current, nodeKey, step);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      store.getState().select([nodeKey]);
    } else if ((event.key === "Delete" || event.key === "Backspace") && !readOnly) {
      event.preventDefault();
      event.stopPropagation();
      store.getState().run((document) => deleteNodes(document, [nodeKey]));
    }
  };
  return (
    <div
      role="treeitem"
      aria-level={level}
      aria-selected={isSelected}
      {...(isContainer(node) ? { "aria-expanded": true } : {})}
      data-key={nodeKey}
      tabIndex={isCurrent ? 0 : -1}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const { select, selection } = store.getState();
        select(
          event.shiftKey || event.ctrlKey || event.metaKey ? [...selection, nodeKey] : [nodeKey],
        );
      }}
      className={classNames(
        // Rows out of view are not drawn, so that a long workflow scrolls as a short one.
        "flex cursor-pointer items-center gap-2 rounded-md py-1 pr-1 [contain-intrinsic-size:auto_44px] [content-visibility:auto]",
        isSelected ? "bg-accent-soft" : "hover:bg-hover",
      )}
      style={{ paddingLeft: 8 + (level - 1) * 14 }}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm">{titleOf(node)}</span>
        {view ? (
          <span
            data-status={view.status}
            className={`flex items-center gap-1 truncate text-xs ${STATE_TEXTS[lookOf(view.status).state]}`}
          >
            <StatusIcon status={view.status} className="size-3.5 shrink-0" />
            {lookOf(view.status).word}
            {roundsText(view) && ` · ${roundsText(view)}`}
          </span>
        ) : (
          <span className="block truncate text-muted text-xs">
            <span className="sr-only">{`${word}: `}</span>
            {nodeSummary(node)}
          </span>
        )}
      </span>
      <ProblemMark nodeKey={nodeKey} />
      {!readOnly && <NodeActions nodeKey={nodeKey} title={titleOf(node)} onInsert={onInsert} />}
    </div>
  );
});

interface NodeActionsProps {
  nodeKey: NodeKey;
  title: string;
  onInsert: (where: InsertPlace) => void;
}

/** The menu is made when it is opened: a thousand of them would be most of the page. */
function NodeActions({ nodeKey, title, onInsert }: NodeActionsProps) {
  const store = useEditorStore();
  const [isOpen, setOpen] = useState(false);
  const button = (
    <button
      type="button"
      aria-label={`What to do with ${title}`}
      aria-haspopup="menu"
      onClick={(event) => {
        event.stopPropagation();
        setOpen(true);
      }}
      onKeyDown={(event) => event.stopPropagation()}
      className="flex size-7 shrink-0 items-center justify-center rounded-md hover:bg-hover"
    >
      <EllipsisVertical aria-hidden className="size-4" />
    </button>
  );
  if (!isOpen) return button;
  return (
    <Menu
      defaultOpen
      onOpenChange={setOpen}
      trigger={button}
      items={() => nodeMenu(store, store.getState().document, nodeKey, onInsert)}
    />
  );
}

interface BodyRowProps {
  row: OutlineRow;
  onInsert: ((where: InsertPlace) => void) | null;
}

function BodyRow({ row, onInsert }: BodyRowProps) {
  return (
    <div
      role="treeitem"
      aria-level={row.level}
      aria-selected={false}
      tabIndex={-1}
      className="flex items-center gap-2 py-0.5 text-muted text-xs"
      style={{ paddingLeft: 8 + (row.level - 1) * 14 }}
    >
      <span className="font-medium">{row.title}</span>
      <span className="min-w-0 flex-1 truncate font-mono">{row.detail}</span>
      {onInsert && row.isEmpty && (
        <Button small look="quiet" icon={Plus} onClick={() => onInsert({ scope: row.key })}>
          Add a step
        </Button>
      )}
    </div>
  );
}

function focusNeighbour(tree: HTMLElement | null, key: NodeKey, step: number): void {
  const rows = [...(tree?.querySelectorAll<HTMLElement>("[data-key]") ?? [])];
  const at = rows.findIndex((row) => row.dataset.key === key);
  rows[at + step]?.focus();
}
