/** A step on the canvas.  Drawn again only when its own node, problems or run state change. */
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { titleOf } from "@/definition/document";
import { classNames } from "@/ui/classNames";
import { lookOf } from "@/ui/state";
import { nodeLook, nodeSummary } from "../nodeLooks";
import { useNode } from "../store";
import type { FlowNode } from "./flow";
import { InsertAfter } from "./InsertAfter";
import { NodeState, useNodeState } from "./NodeState";
import { ProblemMark } from "./ProblemMark";

const BORDERS: Record<string, string> = {
  pending: "border-line-strong",
  running: "border-state-running motion-safe:animate-pulse",
  waiting: "border-state-waiting",
  completed: "border-state-completed",
  failed: "border-state-failed",
  cancelled: "border-state-cancelled",
  skipped: "border-state-skipped border-dashed",
};

/** Returns the class of the border that says how a node stands, and whether it is selected. */
export function borderOf(status: string | undefined, selected: boolean): string {
  return classNames(
    status ? BORDERS[lookOf(status).state] : "border-line-strong",
    selected && "outline-2 outline-accent outline-offset-2",
  );
}

/** The step. */
export const StepNode = memo(function StepNode({ id, selected }: NodeProps<FlowNode>) {
  const node = useNode(id);
  const view = useNodeState(node?.id ?? "");
  if (!node) return null;
  const { icon: Icon, word } = nodeLook(node);
  return (
    <div
      className={classNames(
        "relative flex h-full items-center gap-2.5 rounded-lg border-2 bg-surface px-3 text-ink",
        borderOf(view?.status, selected ?? false),
      )}
    >
      <Handle type="target" position={Position.Top} />
      <Icon aria-hidden className="size-5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <div className="truncate font-medium text-sm leading-tight">{titleOf(node)}</div>
        <div className="truncate text-muted text-xs">{nodeSummary(node)}</div>
      </div>
      <span className="sr-only">{word}</span>
      <ProblemMark nodeKey={id} />
      {view && <NodeState view={view} />}
      <Handle type="source" position={Position.Bottom} />
      <InsertAfter nodeKey={id} title={titleOf(node)} />
    </div>
  );
});
