/** The parts of the editor side by side; one at a time where the window is narrow. */
import { lazy, Suspense, useEffect } from "react";
import { Group, Panel, Separator } from "react-resizable-panels";
import { insertNode } from "@/definition/commands/inserting";
import { useNarrow } from "@/ui/narrow";
import { Skeleton } from "@/ui/placeholders";
import { Tabs } from "@/ui/Tabs";
import { Canvas } from "./canvas/Canvas";
import type { InsertPlace } from "./canvas/RunContext";
import { insertAt, placeFor } from "./inserting";
import Inspector from "./inspector/Inspector";
import { SeveralSelected } from "./SeveralSelected";
import { SidePanel, type SideTab } from "./SidePanel";
import { useEditor, useEditorStore } from "./store";

const LivePanel = lazy(async () => ({ default: (await import("@/run/LivePanel")).LivePanel }));

export type EditorPart = "canvas" | "outline" | "fields" | "run";

interface EditorPanelsProps {
  side: SideTab;
  onSide: (tab: SideTab) => void;
  /** What is shown where only one part has room. */
  part: EditorPart;
  onPart: (part: EditorPart) => void;
  executionId: string | null;
  onDetach: () => void;
  onInsert: (where: InsertPlace) => void;
  /** Something was put in, and is selected now. */
  onInserted: () => void;
  onReveal: (key: string) => void;
}

/** The panels; they fill what is left of their parent. */
export function EditorPanels(props: EditorPanelsProps) {
  const { side, onSide, part, onPart, executionId, onDetach, onInsert, onInserted, onReveal } =
    props;
  const store = useEditorStore();
  const narrow = useNarrow();
  const jumps = useEditor((state) => state.focusField !== null);
  // Where only one part is seen, what was just asked for comes to the front.
  useEffect(() => {
    if (jumps) onPart("fields");
  }, [jumps, onPart]);
  useEffect(() => {
    if (executionId) onPart("run");
  }, [executionId, onPart]);

  const sidePanel = (
    <SidePanel
      tab={side}
      onTab={onSide}
      executionId={executionId}
      onInsert={onInsert}
      onChoose={({ node }) => {
        store
          .getState()
          .run((now) => insertAt(now, node, placeFor(now, store.getState().selection)));
        onInserted();
      }}
    />
  );
  const canvas = (
    <Canvas
      executionId={executionId}
      onInsert={onInsert}
      onDropNode={(node, scope, position) =>
        store.getState().run((now) => insertNode(now, { node, scope, position }))
      }
      onOpen={() => onPart("fields")}
    />
  );
  const fields = <Fields />;
  const live = executionId && (
    <Suspense fallback={<Skeleton lines={4} />}>
      <LivePanel executionId={executionId} onDetach={onDetach} onSelect={onReveal} />
    </Suspense>
  );

  if (narrow) {
    const tabs = [
      { id: "canvas", label: "Canvas", content: <div className="h-full">{canvas}</div> },
      { id: "outline", label: "Outline", content: sidePanel },
      { id: "fields", label: "Fields", content: fields },
      ...(live ? [{ id: "run", label: "Run", content: live }] : []),
    ];
    const open = tabs.some((tab) => tab.id === part) ? part : "canvas";
    return (
      <Tabs
        tabs={tabs}
        value={open}
        onChange={(id) => onPart(id as EditorPart)}
        label="Parts of the editor"
        className="min-h-0 flex-1"
      />
    );
  }
  return (
    <Group orientation="horizontal" className="min-h-0 flex-1">
      <Panel id="side" defaultSize="20%" minSize="180px">
        {sidePanel}
      </Panel>
      <Grip label="Width of the outline" />
      <Panel id="middle" minSize="240px">
        <Group orientation="vertical">
          <Panel id="canvas" minSize="120px">
            {canvas}
          </Panel>
          {live && (
            <>
              <Grip label="Height of the run" flat />
              <Panel id="live" defaultSize="45%" minSize="120px">
                <div data-editor-panel className="h-full overflow-hidden bg-surface">
                  {live}
                </div>
              </Panel>
            </>
          )}
        </Group>
      </Panel>
      <Grip label="Width of the fields" />
      <Panel id="fields" defaultSize="30%" minSize="240px">
        {fields}
      </Panel>
    </Group>
  );
}

function Fields() {
  const selection = useEditor((state) => state.selection);
  return (
    <div data-editor-panel="fields" className="h-full min-h-0 bg-surface">
      {selection.length > 1 ? <SeveralSelected /> : <Inspector path={selection[0] ?? null} />}
    </div>
  );
}

function Grip({ label, flat = false }: { label: string; flat?: boolean }) {
  return (
    <Separator
      aria-label={label}
      className={`bg-line hover:bg-accent focus-visible:bg-accent ${flat ? "h-1" : "w-1"}`}
    />
  );
}
