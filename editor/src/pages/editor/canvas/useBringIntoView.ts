/** Shows what is selected: moves the canvas only if that lies outside of it. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect } from "react";
import { useEditor, useEditorStore } from "../store";

/** A closing dialog gives the focus back first, and the canvas has drawn by then. */
const AFTER_DRAWING_MS = 60;
const MOVE_MS = 200;
const EDGE = 16;
/** So much of a step is enough to see which it is. */
const GLIMPSE = 48;

/** Keeps the one selected node in view; returns a call that shows it whole, as after it was put
 * in, and on demand gives it the focus. */
export function useBringIntoView(): (options?: { focus?: boolean }) => void {
  const editor = useEditorStore();
  const canvas = useStoreApi();
  const { getInternalNode, getViewport, setCenter } = useReactFlow();
  const only = useEditor(({ selection }) => (selection.length === 1 ? selection[0] : undefined));

  const show = useCallback(
    (key: string, enough: number) => {
      const node = getInternalNode(key);
      // Under a pointer that drags it, the canvas stays where it is.
      if (!node || node.dragging) return;
      const { x, y, zoom } = getViewport();
      const { width: wide, height: high } = canvas.getState();
      const { positionAbsolute: at } = node.internals;
      const width = node.measured.width ?? node.width ?? 0;
      const height = node.measured.height ?? node.height ?? 0;
      const seen = (from: number, size: number, room: number) =>
        isSeen({ from, size, room, enough });
      const isInView =
        seen(at.x * zoom + x, width * zoom, wide) && seen(at.y * zoom + y, height * zoom, high);
      if (isInView || wide === 0) return;
      void setCenter(at.x + width / 2, at.y + height / 2, { zoom, duration: MOVE_MS });
    },
    [canvas, getInternalNode, getViewport, setCenter],
  );

  useEffect(() => {
    if (only === undefined) return;
    const timer = setTimeout(() => show(only, GLIMPSE), AFTER_DRAWING_MS);
    return () => clearTimeout(timer);
  }, [only, show]);

  return useCallback(
    ({ focus = false } = {}) => {
      setTimeout(() => {
        const key = editor.getState().selection.at(-1);
        if (key === undefined) return;
        show(key, Number.POSITIVE_INFINITY);
        if (focus) focusNode(canvas.getState().domNode, key);
      }, AFTER_DRAWING_MS);
    },
    [editor, canvas, show],
  );
}

interface Extent {
  /** Where it begins, how long it is, and how long the window on it is, in px. */
  from: number;
  size: number;
  room: number;
  /** So much of it has to be inside. */
  enough: number;
}

/** Returns whether enough of an extent lies inside a window, a little away from its ends. */
export function isSeen({ from, size, room, enough }: Extent): boolean {
  const inside = Math.min(from + size, room - EDGE) - Math.max(from, EDGE);
  // Sums of fractions are off by a little.
  return inside >= Math.min(size, enough) - 1;
}

function focusNode(canvas: HTMLElement | null, key: string): void {
  const node = canvas?.querySelector<HTMLElement>(
    `.react-flow__node[data-id="${CSS.escape(key)}"]`,
  );
  node?.focus({ preventScroll: true });
}
