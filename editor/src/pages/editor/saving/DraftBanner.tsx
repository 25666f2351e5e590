/** Offers unsaved work of an earlier visit again. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Time } from "@/ui/Time";
import { useEditor, useEditorStore } from "../store";
import { type Draft, dropDraft, keptDraft } from "./draft";

/** The banner; nothing where nothing was left. */
export function DraftBanner() {
  const store = useEditorStore();
  const { id, revision } = useEditor((state) => state.workflow);
  const [draft, setDraft] = useState<Draft | null>(() =>
    store.getState().readOnly ? null : differing(keptDraft(id), store.getState().saved),
  );
  if (!draft) return null;
  const older = draft.revision < revision;
  const restore = () => {
    store.getState().replace(draft.document, "restore unsaved changes");
    // It is to be judged against the revision it was begun from, so that nothing is overwritten.
    store.getState().wasSaved(store.getState().saved, { revision: draft.revision });
    setDraft(null);
  };
  const discard = () => {
    dropDraft(id);
    setDraft(null);
  };
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2 border-line border-b bg-warning-soft px-4 py-1.5 text-sm"
    >
      <span className="flex-1">
        You have unsaved changes from <Time at={new Date(draft.at).toISOString()} />
        {older && ", and the workflow was saved since"}.
      </span>
      <Button small onClick={discard}>
        Discard them
      </Button>
      <Button small look="primary" onClick={restore}>
        Restore them
      </Button>
    </div>
  );
}

function differing(draft: Draft | null, saved: unknown): Draft | null {
  return draft && JSON.stringify(draft.document) !== JSON.stringify(saved) ? draft : null;
}
