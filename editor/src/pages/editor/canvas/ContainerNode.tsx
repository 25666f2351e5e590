/** A branch, loop or foreach on the canvas: a frame with one lane for each of its bodies. */
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { Plus } from "lucide-react";
import { memo } from "react";
import { titleOf } from "@/definition/document";
import { classNames } from "@/ui/classNames";
import { nodeLook, nodeSummary } from "../nodeLooks";
import { useDocument, useEditor, useNode } from "../store";
import type { FlowNode } from "./flow";
import { InsertAfter } from "./InsertAfter";
import { documentLayout } from "./layoutOfDocument";
import { NodeState, useNodeState } from "./NodeState";
import { ProblemMark } from "./ProblemMark";
import { useCanvas } from "./RunContext";
import { borderOf } from "./StepNode";

/** The container. */
export const ContainerNode = memo(function ContainerNode({ id, selected }: NodeProps<FlowNode>) {
  const node = useNode(id);
  const view = useNodeState(node?.id ?? "");
  if (!node) return null;
  const { icon: Icon, word } = nodeLook(node);
  return (
    <div
      className={classNames(
        "relative h-full rounded-xl border-2 bg-hover/40 text-ink",
        borderOf(view?.status, selected ?? false),
      )}
    >
      <Handle type="target" position={Position.Top} />
      <div className="flex h-13 items-center gap-2 px-3">
        <Icon aria-hidden className="size-5 shrink-0 text-muted" />
        <div className="min-w-0 flex-1">
          <div className="truncate font-medium text-sm leading-tight">{titleOf(node)}</div>
          <div className="truncate text-muted text-xs">{nodeSummary(node)}</div>
        </div>
        <span className="sr-only">{word}</span>
        <ProblemMark nodeKey={id} />
      </div>
      <Lanes nodeKey={id} />
      {view && <NodeState view={view} />}
      <Handle type="source" position={Position.Bottom} />
      <InsertAfter nodeKey={id} title={titleOf(node)} />
    </div>
  );
});

function Lanes({ nodeKey }: { nodeKey: string }) {
  const document = useDocument();
  const { onInsert } = useCanvas();
  const { lanes, empty } = documentLayout(document);
  const target = useEditor((state) => state.dropTarget);
  return (lanes.get(nodeKey) ?? []).map(({ scope, title, condition, box }) => (
    <div
      key={scope}
      data-scope={scope}
      className={classNames(
        "absolute rounded-lg border border-dashed",
        scope === target ? "border-accent bg-accent-soft" : "border-line-strong/60 bg-canvas/70",
      )}
      style={{ left: box.x - 2, top: box.y - 2, width: box.width, height: box.height }}
    >
      {title && (
        <div className="flex h-7 items-center gap-1.5 truncate px-2 text-xs" title={condition}>
          <span className="font-medium">{title}</span>
          <span className="truncate font-mono text-muted">{condition}</span>
        </div>
      )}
      {onInsert && empty.has(scope) && (
        <FirstStep title={title} onClick={() => onInsert({ scope })} />
      )}
    </div>
  ));
}

function FirstStep({ title, onClick }: { title: string; onClick: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={title ? `Add a step to ${title}` : "Add the first step"}
      onClick={onClick}
      className="nodrag absolute inset-x-4 bottom-4 flex h-10 items-center justify-center gap-1 rounded-md border border-line-strong border-dashed text-muted text-xs hover:text-accent"
    >
      <Plus aria-hidden className="size-4" />
      Add a step
    </button>
  );
}
