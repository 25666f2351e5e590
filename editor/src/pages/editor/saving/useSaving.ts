/** Saving: with the revision that was read, never over somebody else's, never losing what was
 * typed while the save was under way. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Conflict, conflictIn, readWorkflow, saveDraft } from "@/api/editing";
import type { DefinitionDoc } from "@/definition/document";
import { readDocument } from "@/definition/readDocument";
import { messageOf } from "@/ui/placeholders";
import { type EditorStore, useEditor, useEditorStore } from "../store";
import { dropDraft, keepDraft } from "./draft";

export type SaveState = "saved" | "unsaved" | "saving" | "conflict" | "failed";

export interface Saving {
  state: SaveState;
  /** What the server has instead of what is to be saved. */
  conflict: Conflict | null;
  save: () => Promise<boolean>;
  /** Saves over the other side, as a new revision; theirs stays among the versions. */
  keepMine: () => Promise<boolean>;
  /** Takes the other side; what was here can be had back by undo. */
  takeTheirs: () => void;
  /** Closes the dialog; the conflict stays until one of the ways is taken. */
  later: () => void;
  isAsking: boolean;
}

const DRAFT_MS = 400;

/** Returns how saving stands, and what can be done. */
export function useSaving(): Saving {
  const store = useEditorStore();
  const client = useQueryClient();
  const dirty = useEditor((state) => state.document !== state.saved);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<DefinitionDoc | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isAsking, setAsking] = useState(false);
  const document = useEditor((state) => state.document);
  const running = useRef(false);

  const write = useCallback(
    async (revision: number): Promise<boolean> => {
      const { workflow, document: sent, readOnly } = store.getState();
      if (readOnly || running.current) return false;
      running.current = true;
      setBusy(true);
      try {
        const answer = await saveDraft(workflow.id, sent, revision);
        // What was changed meanwhile is another document, and stays unsaved.
        store.getState().wasSaved(sent, {
          revision: answer.revision,
          name: answer.name,
          version: answer.compile.version,
        });
        store.setState({ diagnostics: answer.compile.diagnostics, judged: sent });
        setConflict(null);
        setAsking(false);
        setFailed(null);
        if (store.getState().document === sent) dropDraft(workflow.id);
        void client.invalidateQueries({ queryKey: ["workflows"] });
        void client.invalidateQueries({ queryKey: ["preflight", workflow.id] });
        void client.invalidateQueries({ queryKey: ["workflow", workflow.id, "versions"] });
        return true;
      } catch (error) {
        const theirs = conflictIn(error);
        if (theirs) {
          setConflict(theirs);
          setAsking(true);
        } else {
          setFailed(sent);
          store.getState().tell({ text: `It was not saved: ${messageOf(error)}`, tone: "danger" });
        }
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [store, client],
  );

  useKeptDraft(store, document, dirty);
  useLeaveGuard(dirty);

  const state: SaveState = busy
    ? "saving"
    : conflict
      ? "conflict"
      : failed === document
        ? "failed"
        : dirty
          ? "unsaved"
          : "saved";
  return {
    state,
    conflict,
    isAsking,
    save: () => {
      if (conflict) {
        setAsking(true);
        return Promise.resolve(false);
      }
      return dirty ? write(store.getState().workflow.revision) : Promise.resolve(true);
    },
    keepMine: () => write(conflict?.revision ?? store.getState().workflow.revision),
    takeTheirs: () => {
      if (!conflict) return;
      const { document: theirs, problem } = readDocument(conflict.definition);
      if (!theirs) return store.getState().tell({ text: problem, tone: "danger" });
      store.getState().replace(theirs, "take the other version");
      store.getState().wasSaved(theirs, { revision: conflict.revision });
      dropDraft(store.getState().workflow.id);
      setConflict(null);
      setAsking(false);
      void tellVersion(store);
    },
    later: () => setAsking(false),
  };
}

/** The conflict tells of the other side's draft, and not which version came of it. */
async function tellVersion(store: EditorStore): Promise<void> {
  const { id, revision } = store.getState().workflow;
  const now = await readWorkflow(id).catch(() => null);
  const { workflow, saved, wasSaved } = store.getState();
  if (now?.revision === revision && workflow.revision === revision)
    wasSaved(saved, { version: now.compile.version, name: now.name });
}

function useKeptDraft(store: EditorStore, document: DefinitionDoc, dirty: boolean): void {
  const wasDirty = useRef(false);
  useEffect(() => {
    const { workflow, readOnly } = store.getState();
    if (readOnly || !workflow.id) return;
    if (!dirty) {
      // Undone back to what is saved.  What an earlier visit left is not of this one.
      if (wasDirty.current) dropDraft(workflow.id);
      wasDirty.current = false;
      return;
    }
    wasDirty.current = true;
    const keep = () =>
      keepDraft(workflow.id, { revision: workflow.revision, at: Date.now(), document });
    const timer = setTimeout(keep, DRAFT_MS);
    window.addEventListener("pagehide", keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pagehide", keep);
    };
  }, [store, document, dirty]);
}

/** Has the browser ask before the page is closed or loaded again. */
function useLeaveGuard(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [dirty]);
}
