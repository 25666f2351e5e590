/** Has the server judge the document while it is edited, a moment after the last change. */
import { useEffect } from "react";
import { judge } from "@/api/editing";
import { useDocument, useEditorStore } from "./store";

const REST_MS = 400;

/** Keeps the problems of the document current; while the server is away the last ones stay. */
export function useJudging(): void {
  const store = useEditorStore();
  const document = useDocument();
  useEffect(() => {
    const { judged, readOnly } = store.getState();
    if (readOnly || judged === document) return;
    const aborting = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { diagnostics } = await judge(document, aborting.signal);
        if (!aborting.signal.aborted) store.setState({ diagnostics, judged: document });
      } catch {
        // Saving says so when the server cannot be reached; typing goes on.
      }
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      aborting.abort();
    };
  }, [store, document]);
}
