/** How a node stands in the run that is shown: by colour, icon and word; rounds as counters. */
import type { NodeView } from "@/execution/view";
import { StatusIcon } from "@/ui/StatusChip";
import { lookOf, STATE_CLASSES } from "@/ui/state";
import { useCanvas } from "./RunContext";
import { useShownNode } from "./useShownNode";

/** Returns how a node stands in the run that the canvas shows; nothing without a run. */
export function useNodeState(nodeId: string): NodeView | undefined {
  return useShownNode(useCanvas().executionId, nodeId);
}

/** The chip on a node. */
export function NodeState({ view }: { view: NodeView }) {
  const look = lookOf(view.status);
  return (
    <span
      data-status={view.status}
      className={`-top-2.5 absolute right-2 inline-flex items-center gap-1 rounded-full border px-1.5 py-px font-medium text-[11px] ${STATE_CLASSES[look.state]}`}
    >
      <StatusIcon status={view.status} className="size-3" />
      {roundsText(view) ?? look.word}
    </span>
  );
}

/** Returns "7 of 12" for what has rounds, "34 runs" for what stands inside one; else null. */
export function roundsText({ progress, repeated, runs, counts }: NodeView): string | null {
  const failed = counts.failed ? `, ${counts.failed} failed` : "";
  if (progress && !repeated) {
    const total = progress.total === null ? "" : ` of ${progress.total}`;
    return `${progress.completed}${total}${failed}`;
  }
  return repeated && runs > 0 ? `${runs} ${runs === 1 ? "run" : "runs"}${failed}` : null;
}
