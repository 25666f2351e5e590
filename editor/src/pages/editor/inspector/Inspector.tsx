/** The panel beside the canvas: the selected step, or the workflow while none is selected. */
import { useEffect, useRef } from "react";
import type { NodeKey } from "@/definition/addresses";
import { isWithin } from "@/definition/pointer";
import { useEditor, useEditorStore } from "../store";
import { AuthoringProvider } from "./Authoring";
import { NodeInspector } from "./NodeInspector";
import { WorkflowSettings } from "./settings/WorkflowSettings";

/** The inspector; `path` is the address of a node, null for the workflow. */
export default function Inspector({ path }: { path: NodeKey | null }) {
  const panel = useRef<HTMLElement>(null);
  const store = useEditorStore();
  useJump(panel);
  return (
    <section
      ref={panel}
      aria-label="Inspector"
      onBlur={() => store.getState().endBurst()}
      className="h-full min-h-0 overflow-y-auto"
    >
      <AuthoringProvider>
        {path === null ? <WorkflowSettings /> : <NodeInspector key={path} nodeKey={path} />}
      </AuthoringProvider>
    </section>
  );
}

/** The fields of a step come with the schema of its tool, a moment after the step. */
const TRIES = 8;
const RETRY_MS = 100;

/** Goes to the field that the problems panel points at, unfolding what is around it. */
function useJump(panel: { current: HTMLElement | null }): void {
  const store = useEditorStore();
  const wanted = useEditor((state) => state.focusField);
  useEffect(() => {
    if (!wanted) return;
    let timer: ReturnType<typeof setTimeout>;
    const go = (left: number) => {
      const found = panel.current && fieldAt(panel.current, wanted.place);
      // Who goes on typing meanwhile is left alone.
      const isBusy = left < TRIES && panel.current?.contains(document.activeElement);
      if (!found?.isExact && left > 0 && !isBusy) {
        timer = setTimeout(() => go(left - 1), RETRY_MS);
        return;
      }
      if (found && !isBusy) focusField(found.field);
      store.getState().clearFocusField();
    };
    go(TRIES);
    return () => clearTimeout(timer);
  }, [wanted, panel, store]);
}

/** Returns the field that writes a place, or the one around it; of an input that lacks something,
 * the field that is missing. */
function fieldAt(
  panel: HTMLElement,
  wanted: string,
): { field: HTMLElement; isExact: boolean } | null {
  const around = [...panel.querySelectorAll<HTMLElement>("[data-place]")].filter(({ dataset }) =>
    isWithin(wanted, dataset.place ?? ""),
  );
  const nearest = around.sort(
    (one, other) => (other.dataset.place ?? "").length - (one.dataset.place ?? "").length,
  )[0];
  if (!nearest) return null;
  const missing = nearest.querySelector<HTMLElement>("[data-missing]");
  const isInput = wanted.endsWith("/input");
  return {
    field: (isInput && missing) || nearest,
    isExact: nearest.dataset.place === wanted && (!isInput || missing !== null),
  };
}

function focusField(field: HTMLElement): void {
  for (let up = field.parentElement; up; up = up.parentElement)
    if (up instanceof HTMLDetailsElement) up.open = true;
  // Not scrollIntoView, which moves the whole page where it can.
  const scroller = scrollerOf(field);
  if (scroller) {
    const [around, own] = [scroller.getBoundingClientRect(), field.getBoundingClientRect()];
    scroller.scrollTop += own.top - around.top - Math.max(0, (around.height - own.height) / 2);
  }
  // The box before the choice of how it is given.
  const inside = ["textarea:not(:disabled), input:not(:disabled)", "select", "button"];
  inside
    .map((selector) => field.querySelector<HTMLElement>(selector))
    .find((found) => found !== null)
    ?.focus({ preventScroll: true });
}

function scrollerOf(field: HTMLElement): HTMLElement | null {
  let up = field.parentElement;
  while (up && !["auto", "scroll"].includes(getComputedStyle(up).overflowY)) up = up.parentElement;
  return up;
}
