/** The panel beside the canvas: the selected step, or the workflow while none is selected. */
import { useEffect, useRef } from "react";
import type { NodeKey } from "@/definition/addresses";
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

/** Goes to the field that the problems panel points at, unfolding what is around it. */
function useJump(panel: { current: HTMLElement | null }): void {
  const store = useEditorStore();
  const wanted = useEditor((state) => state.focusField);
  useEffect(() => {
    if (!wanted || !panel.current) return;
    const fields = [...panel.current.querySelectorAll<HTMLElement>("[data-place]")];
    const around = fields.filter(({ dataset }) => {
      const place = dataset.place ?? "";
      return wanted.place === place || wanted.place.startsWith(`${place}/`);
    });
    const nearest = around.sort(
      (one, other) => (other.dataset.place ?? "").length - (one.dataset.place ?? "").length,
    )[0];
    if (!nearest) return;
    for (let up = nearest.parentElement; up; up = up.parentElement)
      if (up instanceof HTMLDetailsElement) up.open = true;
    nearest.scrollIntoView({ block: "center" });
    // The box before the choice of how it is given.
    const inside = ["textarea:not(:disabled), input:not(:disabled)", "select", "button"];
    inside
      .map((selector) => nearest.querySelector<HTMLElement>(selector))
      .find((found) => found !== null)
      ?.focus({ preventScroll: true });
    store.getState().clearFocusField();
  }, [wanted, panel, store]);
}
