/** The editor around one open document: canvas, outline, fields, and what runs. */
import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { addressesOf } from "@/definition/addresses";
import { deleteNodes } from "@/definition/commands/deleting";
import { tidy } from "@/definition/commands/moving";
import { duplicateNodes } from "@/definition/commands/pasting";
import { useToast } from "@/ui/Toast";
import type { InsertPlace } from "./canvas/RunContext";
import { useBringIntoView } from "./canvas/useBringIntoView";
import { copySelection, pasteText } from "./clipboard";
import { JsonDialog } from "./documents/JsonDialog";
import { PythonDialog } from "./documents/PythonDialog";
import { EditorPanels, type EditorPart } from "./EditorPanels";
import { Find } from "./find/Find";
import { EditorHeader } from "./header/EditorHeader";
import { insertAt, placeFor, placeInWords } from "./inserting";
import { KeyboardHelp } from "./keyboard/KeyboardHelp";
import type { Action } from "./keyboard/keys";
import { PaletteDialog } from "./palette/PaletteDialog";
import type { SideTab } from "./SidePanel";
import { ConflictDialog } from "./saving/ConflictDialog";
import { DraftBanner } from "./saving/DraftBanner";
import { LeaveDialog } from "./saving/LeaveDialog";
import { useSaving } from "./saving/useSaving";
import { useEditor, useEditorStore } from "./store";
import { useJudging } from "./useJudging";
import { useRunShown } from "./useRunShown";
import { useShortcuts } from "./useShortcuts";

type Shown = "step" | "command" | "help" | "python" | "json" | null;
const FIT = { maxZoom: 1, padding: 0.15, duration: 200 };

/** The editor; it fills its parent. */
export function Editor() {
  const store = useEditorStore();
  const saving = useSaving();
  useJudging();
  useNotices();
  const [run, showRun] = useRunShown();
  const [side, setSide] = useState<SideTab>("outline");
  const [part, setPart] = useState<EditorPart>("canvas");
  const [shown, setShown] = useState<Shown>(null);
  const [inserting, setInserting] = useState<InsertPlace | null>(null);
  const flow = useReactFlow();
  const bringIntoView = useBringIntoView();
  const page = useRef<HTMLDivElement>(null);
  const readOnly = useEditor((state) => state.readOnly);

  const reveal = useCallback(
    (key: string) => {
      store.getState().select([key]);
      void flow.fitView({ nodes: [{ id: key }], maxZoom: 1, duration: 200 });
    },
    [store, flow],
  );
  const onAction = useCallback(
    (action: Action): boolean => {
      const { undo, redo, run: change, selection, document, select } = store.getState();
      const first = selection[0];
      switch (action) {
        case "save":
          void saving.save();
          return true;
        case "run":
          page.current?.querySelector<HTMLButtonElement>("[data-run] button")?.click();
          return true;
        case "undo":
          undo();
          return true;
        case "redo":
          redo();
          return true;
        case "copy":
          void copySelection(store);
          return selection.length > 0;
        case "cut":
          void copySelection(store);
          change((now) => deleteNodes(now, selection));
          return true;
        case "duplicate":
          if (selection.length > 0) change((now) => duplicateNodes(now, selection));
          return true;
        case "selectAll":
          select([...addressesOf(document).nodes.keys()]);
          return true;
        case "delete":
          if (selection.length > 0) change((now) => deleteNodes(now, selection));
          return selection.length > 0;
        case "add":
          if (!readOnly) setInserting(placeFor(document, selection));
          return !readOnly;
        case "find":
          setShown("step");
          return true;
        case "commands":
          setShown("command");
          return true;
        case "help":
          setShown("help");
          return true;
        case "open":
          return first !== undefined && focusInspector(page.current);
        case "rename":
          return first !== undefined && focusInspector(page.current);
        case "fit":
          void flow.fitView(FIT);
          return true;
        case "actualSize":
          void flow.zoomTo(1);
          return true;
        case "zoomIn":
          void flow.zoomIn();
          return true;
        case "zoomOut":
          void flow.zoomOut();
          return true;
        case "tidy":
          change(tidy);
          requestAnimationFrame(() => void flow.fitView(FIT));
          return true;
        case "escape":
          select([]);
          return selection.length > 0;
      }
    },
    [store, saving, flow, readOnly],
  );
  const onPaste = useCallback((text: string) => pasteText(store, text), [store]);
  useShortcuts({ onAction, onPaste });

  const insert = useCallback((where: InsertPlace) => setInserting(where), []);
  return (
    <div ref={page} className="flex h-full min-h-0 flex-col">
      <EditorHeader
        saving={saving}
        onAction={onAction}
        onStarted={showRun}
        onProblems={() => {
          setSide("problems");
          setPart("outline");
        }}
        onShow={setShown}
      />
      <DraftBanner />
      {readOnly && <ReadOnlyBanner />}
      <EditorPanels
        side={side}
        onSide={setSide}
        part={part}
        onPart={setPart}
        executionId={run}
        onDetach={() => showRun(null)}
        onInsert={insert}
        onInserted={bringIntoView}
        onReveal={reveal}
      />
      <PaletteDialog
        open={inserting !== null}
        where={inserting ? placeInWords(store.getState().document, inserting) : ""}
        onClose={() => setInserting(null)}
        onChoose={({ node }) => {
          const place = inserting;
          setInserting(null);
          if (!place) return;
          store.getState().run((now) => insertAt(now, node, place));
          bringIntoView({ focus: true });
        }}
      />
      {(shown === "step" || shown === "command") && (
        <Find
          what={shown}
          onStep={reveal}
          onCommand={(action) => void onAction(action)}
          onClose={() => setShown(null)}
        />
      )}
      <KeyboardHelp open={shown === "help"} onClose={() => setShown(null)} />
      {shown === "python" && <PythonDialog onClose={() => setShown(null)} />}
      {shown === "json" && <JsonDialog onClose={() => setShown(null)} />}
      <ConflictDialog saving={saving} />
      <LeaveDialog saving={saving} />
    </div>
  );
}

function ReadOnlyBanner() {
  return (
    <p className="border-line border-b bg-accent-soft px-4 py-1.5 text-sm">
      This workflow is written in Python and is changed there. Duplicate it to draw a copy of your
      own.
    </p>
  );
}

function focusInspector(page: HTMLElement | null): boolean {
  const field = page?.querySelector<HTMLElement>(
    "[aria-label=Inspector] input, [aria-label=Inspector] textarea",
  );
  field?.focus();
  return field !== undefined && field !== null;
}

/** Shows what commands have to tell, with undo where something was done. */
function useNotices(): void {
  const store = useEditorStore();
  const toast = useToast();
  const notice = useEditor((state) => state.notice);
  useEffect(() => {
    if (!notice) return;
    toast({ title: notice.text, ...(notice.tone ? { tone: notice.tone } : {}) });
    store.getState().tell(null);
  }, [notice, toast, store]);
}
