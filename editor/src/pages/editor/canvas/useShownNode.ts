/** How a node stands in a run, as people are told it. */
import { useMemo } from "react";
import { nodeAt } from "@/definition/addresses";
import { isContainer } from "@/definition/document";
import { idsIn } from "@/definition/everyNode";
import { useExecutionView, useNode } from "@/execution/hooks";
import type { NodeView } from "@/execution/view";
import { useEditor } from "../store";
import { containerStatus } from "./containerStatus";

const NOTHING: readonly string[] = [];

/** Returns how the node stands; a container in which all waits is shown as waiting. */
export function useShownNode(executionId: string | null, nodeId: string): NodeView | undefined {
  const view = useNode(executionId, nodeId);
  const node = useEditor((state) => nodeAt(state.document, nodeId));
  const inside = useMemo(
    () =>
      node && isContainer(node)
        ? // The work of a repetition of one step may have a node of its own, "charge:body".
          [...idsIn({ nodes: [node] }).filter((id) => id !== node.id), `${node.id}:body`]
        : NOTHING,
    [node],
  );
  const own = view?.status;
  const status = useExecutionView(executionId, ({ nodes }) =>
    own === "running" && inside.length > 0
      ? containerStatus(
          own,
          inside.flatMap((id) => nodes.get(id)?.status ?? []),
        )
      : own,
  );
  return useMemo(
    () => (view && status && status !== view.status ? { ...view, status } : view),
    [view, status],
  );
}
