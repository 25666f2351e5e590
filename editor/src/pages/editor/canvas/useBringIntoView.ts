/** Shows what was just put in: moves the canvas only if that lies outside of it. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback } from "react";
import { useEditorStore } from "../store";

/** A closing dialog gives the focus back first, and the canvas has drawn by then. */
const AFTER_DRAWING_MS = 60;
const MOVE_MS = 200;
const EDGE = 16;

/** Returns a call that brings the selected node into view, and on demand gives it the focus. */
export function useBringIntoView(): (options?: { focus?: boolean }) => void {
  const editor = useEditorStore();
  const canvas = useStoreApi();
  const { getInternalNode, getViewport, setCenter } = useReactFlow();
  return useCallback(
    ({ focus = false } = {}) => {
      setTimeout(() => {
        const key = editor.getState().selection.at(-1);
        const node = key === undefined ? undefined : getInternalNode(key);
        if (!node) return;
        const { x, y, zoom } = getViewport();
        const { width: wide, height: high } = canvas.getState();
        const { positionAbsolute: at } = node.internals;
        const width = node.measured.width ?? node.width ?? 0;
        const height = node.measured.height ?? node.height ?? 0;
        const left = at.x * zoom + x;
        const top = at.y * zoom + y;
        const isInView =
          left >= EDGE &&
          top >= EDGE &&
          left + width * zoom <= wide - EDGE &&
          top + height * zoom <= high - EDGE;
        if (!isInView) {
          void setCenter(at.x + width / 2, at.y + height / 2, { zoom, duration: MOVE_MS });
        }
        if (focus) focusNode(canvas.getState().domNode, node.id);
      }, AFTER_DRAWING_MS);
    },
    [editor, canvas, getInternalNode, getViewport, setCenter],
  );
}

function focusNode(canvas: HTMLElement | null, key: string): void {
  const node = canvas?.querySelector<HTMLElement>(
    `.react-flow__node[data-id="${CSS.escape(key)}"]`,
  );
  node?.focus({ preventScroll: true });
}
