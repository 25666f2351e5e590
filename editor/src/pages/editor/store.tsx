/**
 * One open editor: the document, what is selected, what was done, what the server says is wrong.
 * Knows no server and no canvas: saving, judging and drawing are other files'.
 */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import { addressesOf, type NodeKey, nodeAt, type ScopeKey } from "@/definition/addresses";
import { type Diagnostic, diagnosticsByNode, diagnosticsWithin } from "@/definition/diagnostics";
import type { DefinitionDoc, NodeDoc } from "@/definition/document";
import type { Edit } from "@/definition/edit";
import { type Place, pointer } from "@/definition/pointer";
import { closed, type History, NO_HISTORY, recorded, redone, undone } from "@/definition/undo";

export interface OpenWorkflow {
  id: string;
  name: string;
  revision: number;
  source: "drawn" | "python";
  /** The published version, which runs; null when there is none. */
  version: number | null;
}

export interface Notice {
  text: string;
  tone?: "plain" | "danger";
}

export interface EditorState {
  workflow: OpenWorkflow;
  readOnly: boolean;
  document: DefinitionDoc;
  /** The very document that the server has; another object means unsaved changes. */
  saved: DefinitionDoc;
  selection: readonly NodeKey[];
  history: History;
  diagnostics: readonly Diagnostic[];
  /** The document that `diagnostics` are about. */
  judged: DefinitionDoc | null;
  /** The newest execution of the workflow, for samples. */
  lastExecutionId: string | null;
  focusField: { key: NodeKey | null; place: string } | null;
  /** The body that what is being dragged would come to stand in. */
  dropTarget: ScopeKey | null;
  /** What the person is told next, as after a command that could not be done. */
  notice: Notice | null;

  run(command: (document: DefinitionDoc) => Edit, options?: { burst?: string }): void;
  endBurst(): void;
  select(keys: readonly NodeKey[]): void;
  undo(): void;
  redo(): void;
  jumpTo(key: NodeKey | null, place: string): void;
  clearFocusField(): void;
  tell(notice: Notice | null): void;
  /** Takes over what the server has now; with `document` that is also what is edited. */
  wasSaved(document: DefinitionDoc, workflow: Partial<OpenWorkflow>): void;
  replace(document: DefinitionDoc, label: string): void;
}

export type EditorStore = StoreApi<EditorState>;

const UNKNOWN: OpenWorkflow = { id: "", name: "", revision: 0, source: "drawn", version: null };

/** Returns a store of `document`; the clock is `now`, in ms. */
export function createEditorStore(
  given: { document: DefinitionDoc } & Partial<EditorState>,
  now: () => number = Date.now,
): EditorStore {
  return createStore<EditorState>()((set, get) => {
    const change = (document: DefinitionDoc, label: string, more: Partial<EditorState>) => {
      const { document: before, selection, history } = get();
      set({
        history: recorded(history, { document: before, selection }, { label, at: now() }),
        document,
        ...more,
      });
    };
    return {
      workflow: UNKNOWN,
      readOnly: false,
      saved: given.document,
      selection: [],
      history: NO_HISTORY,
      diagnostics: [],
      judged: null,
      lastExecutionId: null,
      focusField: null,
      dropTarget: null,
      notice: null,

      run(command, { burst } = {}) {
        const { readOnly, document, selection, history } = get();
        if (readOnly) return set({ notice: { text: READ_ONLY } });
        try {
          const edit = command(document);
          if (edit.document === document) return edit.select && get().select(edit.select);
          set({
            document: edit.document,
            history: recorded(
              history,
              { document, selection },
              { label: edit.label, burst, at: now() },
            ),
            selection: existing(edit.document, edit.select ?? selection),
            ...(edit.notes?.length ? { notice: { text: edit.notes.join(" ") } } : {}),
          });
        } catch (error) {
          const text = error instanceof Error ? error.message : String(error);
          set({ notice: { text, tone: "danger" } });
        }
      },
      endBurst: () => set(({ history }) => ({ history: closed(history) })),
      select(keys) {
        const { selection } = get();
        const same =
          keys.length === selection.length && keys.every((key, at) => key === selection[at]);
        if (!same) set({ selection: keys });
      },
      undo: () => travel(get, set, undone),
      redo: () => travel(get, set, redone),
      jumpTo: (key, place) =>
        set({ selection: key === null ? [] : [key], focusField: { key, place } }),
      clearFocusField: () => set({ focusField: null }),
      tell: (notice) => set({ notice }),
      wasSaved: (saved, workflow) => set({ saved, workflow: { ...get().workflow, ...workflow } }),
      replace: (document, label) =>
        change(document, label, { selection: existing(document, get().selection) }),
      ...given,
    };
  });
}

const READ_ONLY = "This is shown only. Duplicate the workflow to change a copy.";

function travel(
  get: () => EditorState,
  set: (state: Partial<EditorState>) => void,
  go: typeof undone,
): void {
  const { document, selection, history, readOnly } = get();
  const there = readOnly ? null : go(history, { document, selection });
  if (!there) return;
  set({
    ...there.present,
    selection: existing(there.present.document, there.present.selection),
    history: there.history,
  });
}

/** Returns those of `keys` that the document has. */
function existing(document: DefinitionDoc, keys: readonly NodeKey[]): readonly NodeKey[] {
  const { nodes } = addressesOf(document);
  return keys.every((key) => nodes.has(key)) ? keys : keys.filter((key) => nodes.has(key));
}

const Context = createContext<EditorStore | null>(null);

/** Gives everything inside it the one store of this editor. */
export function EditorStoreProvider({
  store,
  children,
}: {
  store: EditorStore;
  children: ReactNode;
}) {
  return <Context.Provider value={store}>{children}</Context.Provider>;
}

/** Returns the store, for handlers. */
export function useEditorStore(): EditorStore {
  const store = useContext(Context);
  if (!store) throw new Error("an editor's part stands outside of its editor");
  return store;
}

/** Returns a part of the state, and follows it. */
export function useEditor<T>(selector: (state: EditorState) => T): T {
  return useStore(useEditorStore(), selector);
}

/** Returns the document. */
export function useDocument(): DefinitionDoc {
  return useEditor((state) => state.document);
}

/** Returns a node; re-renders only when that node changes. */
export function useNode(key: NodeKey): NodeDoc | undefined {
  return useEditor((state) => nodeAt(state.document, key));
}

/** Returns whether nothing may be changed here. */
export function useReadOnly(): boolean {
  return useEditor((state) => state.readOnly);
}

const NONE: readonly Diagnostic[] = [];

/** Returns the problems of a node, or of the workflow itself for `null`. */
export function useNodeDiagnostics(key: NodeKey | null): readonly Diagnostic[] {
  return useEditor((state) => byNode(state).get(key) ?? NONE);
}

/** Returns the problems at a place of the document and inside it. */
export function useFieldDiagnostics(place: Place): readonly Diagnostic[] {
  const all = useEditor((state) => state.diagnostics);
  const at = pointer(...place);
  return useMemo(() => diagnosticsWithin(all, at), [all, at]);
}

const sorted = new WeakMap<
  readonly Diagnostic[],
  ReadonlyMap<NodeKey | null, readonly Diagnostic[]>
>();

function byNode({ diagnostics, judged, document }: EditorState) {
  const found = sorted.get(diagnostics) ?? diagnosticsByNode(judged ?? document, diagnostics);
  sorted.set(diagnostics, found);
  return found;
}
