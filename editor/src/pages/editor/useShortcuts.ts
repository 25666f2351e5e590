/** Keys of the editor, wherever the focus is, except in fields and over dialogs. */
import { useEffect } from "react";
import { type Action, actionOf, belongsToTarget, isTyping } from "./keyboard/keys";

/** What may be pressed also while one types in a field. */
const ALSO_TYPING: ReadonlySet<Action> = new Set(["save", "run"]);

interface Shortcuts {
  onAction: (action: Action) => boolean;
  onPaste: (text: string) => void;
}

/** Calls `onAction` for each key of ours; one it did not want stays the browser's. */
export function useShortcuts({ onAction, onPaste }: Shortcuts): void {
  useEffect(() => {
    const isElsewhere = (target: EventTarget | null) =>
      document.querySelector("[role=dialog], [role=menu], [role=alertdialog]") !== null &&
      !(target instanceof Element && target.closest("[data-editor-panel]"));
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (!action || event.defaultPrevented || isElsewhere(event.target)) return;
      if (isTyping(event.target) && !ALSO_TYPING.has(action)) return;
      if (belongsToTarget(action, event.target)) return;
      // What is marked on the page is copied as it is everywhere.
      if (action === "copy" && !window.getSelection()?.isCollapsed) return;
      if (onAction(action)) event.preventDefault();
    };
    const onPasteEvent = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain");
      if (!text || isTyping(event.target) || isElsewhere(event.target)) return;
      event.preventDefault();
      onPaste(text);
    };
    window.addEventListener("keydown", onKeyDown);
    window.addEventListener("paste", onPasteEvent);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
      window.removeEventListener("paste", onPasteEvent);
    };
  }, [onAction, onPaste]);
}
