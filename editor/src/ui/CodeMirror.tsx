/** CodeMirror in React.  Imported by `CodeEditor` alone, so that pages do not carry its weight. */
import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import { styleNonce } from "./styleNonce";

export interface CodeMirrorProps {
  value: string;
  onChange?: (value: string) => void;
  language?: "json" | "python" | "text";
  /** What it is, for who cannot see it. */
  label: string;
  readOnly?: boolean;
  /** One line: Enter does not break it, and there are no line numbers. */
  singleLine?: boolean;
  hint?: string;
  complete?: CompletionSource;
  problems?: Diagnostic[];
  minHeight?: string;
  maxHeight?: string;
}

const LANGUAGES: Record<string, () => Extension> = { json, python, text: () => [] };

const COLOURS = HighlightStyle.define([
  { tag: tags.string, color: "var(--completed)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--running)" },
  { tag: [tags.propertyName, tags.keyword], color: "var(--accent)" },
  { tag: tags.comment, color: "var(--muted)" },
]);

/** The editor itself. */
export default function CodeMirror(props: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;

  // The editor is made once; what changes later is passed on below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: remaking it would lose the caret
  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: props.value, extensions: extensionsOf(latest) }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const shown = view.current;
    if (!shown || shown.state.doc.toString() === props.value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: props.value } });
  }, [props.value]);

  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    const length = shown.state.doc.length;
    const problems = (props.problems ?? []).map((it) => ({
      ...it,
      from: Math.min(it.from, length),
      to: Math.min(it.to, length),
    }));
    shown.dispatch(setDiagnostics(shown.state, problems));
  }, [props.problems]);

  useEffect(() => {
    view.current?.dispatch({ effects: READ_ONLY.reconfigure(readOnly(props.readOnly ?? false)) });
  }, [props.readOnly]);

  return (
    <div
      ref={host}
      className="overflow-hidden rounded-md border border-line-strong bg-surface text-ink text-sm focus-within:outline-2 focus-within:outline-accent"
    />
  );
}

const READ_ONLY = new Compartment();

function readOnly(value: boolean): Extension {
  return [EditorState.readOnly.of(value), EditorView.editable.of(true)];
}

function extensionsOf(latest: { current: CodeMirrorProps }): Extension[] {
  const props = latest.current;
  const nonce = styleNonce();
  return [
    nonce ? EditorView.cspNonce.of(nonce) : [],
    history(),
    closeBrackets(),
    autocompletion(props.complete ? { override: [props.complete] } : {}),
    // Tab leaves the editor: whoever has no mouse must not be caught in it.
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    LANGUAGES[props.language ?? "text"]?.() ?? [],
    syntaxHighlighting(COLOURS),
    props.singleLine
      ? EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change))
      : [lineNumbers(), EditorView.lineWrapping],
    props.hint ? placeholder(props.hint) : [],
    READ_ONLY.of(readOnly(props.readOnly ?? false)),
    EditorView.contentAttributes.of({ "aria-label": props.label }),
    EditorView.updateListener.of((update) => {
      const value = update.state.doc.toString();
      if (update.docChanged && value !== latest.current.value) latest.current.onChange?.(value);
    }),
    EditorView.theme({
      "&": { maxHeight: props.maxHeight ?? "60vh" },
      ".cm-content": { minHeight: props.minHeight ?? "0", fontFamily: "var(--font-mono)" },
      ".cm-gutters": { background: "transparent", color: "var(--muted)", border: "none" },
      ".cm-cursor": { borderLeftColor: "var(--ink)" },
      "&.cm-focused": { outline: "none" },
      "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
        background: "var(--accent-soft) !important",
      },
      ".cm-tooltip": {
        background: "var(--raised)",
        color: "var(--ink)",
        border: "1px solid var(--line)",
      },
      ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
        background: "var(--accent)",
        color: "var(--on-accent)",
      },
    }),
  ];
}
