/** Two JSON values side by side, what they share folded.  Imported lazily, for its weight. */
import { json } from "@codemirror/lang-json";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { styleNonce } from "./styleNonce";

interface JsonDiffProps {
  before: unknown;
  after: unknown;
  beforeLabel: string;
  afterLabel: string;
}

/** The comparison: one text, with what is gone in red and what is new in green. */
export default function JsonDiff({ before, after, beforeLabel, afterLabel }: JsonDiffProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const nonce = styleNonce();
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: JSON.stringify(after, null, 2),
        extensions: [
          nonce ? EditorView.cspNonce.of(nonce) : [],
          lineNumbers(),
          json(),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": `${afterLabel}, compared` }),
          unifiedMergeView({
            original: JSON.stringify(before, null, 2),
            mergeControls: false,
            collapseUnchanged: { margin: 3, minSize: 6 },
          }),
          EditorView.theme({
            "&": { maxHeight: "55vh" },
            ".cm-content": { fontFamily: "var(--font-mono)", fontSize: "12px" },
            ".cm-gutters": { background: "transparent", color: "var(--muted)", border: "none" },
            ".cm-changedLine": { background: "var(--completed-soft) !important" },
            ".cm-deletedChunk": { background: "var(--failed-soft) !important" },
            ".cm-collapsedLines": { background: "var(--hover)", color: "var(--muted)" },
            // Its marks are of a script that few fonts have.
            ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: "'⋯'" },
          }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after, afterLabel]);
  return (
    <figure>
      <figcaption className="mb-1 flex flex-wrap gap-x-4 text-xs">
        <span className="text-danger">{`− ${beforeLabel}`}</span>
        <span className="text-state-completed">{`+ ${afterLabel}`}</span>
      </figcaption>
      <div ref={host} className="overflow-hidden rounded-md border border-line bg-surface" />
    </figure>
  );
}
