/** Copying and pasting steps as JSON, so that they go into other workflows, tabs and chats. */
import type { NodeKey, ScopeKey } from "@/definition/addresses";
import { addressesOf } from "@/definition/addresses";
import { pasteFragment } from "@/definition/commands/pasting";
import { fragmentFromText, fragmentOf, fragmentToText } from "@/definition/fragment";
import type { EditorStore } from "./store";

/** Puts nodes on the clipboard; what is selected, if none are named. */
export async function copySelection(store: EditorStore, keys?: readonly NodeKey[]): Promise<void> {
  const { document, selection, tell } = store.getState();
  const chosen = keys ?? selection;
  if (chosen.length === 0) return;
  try {
    await navigator.clipboard.writeText(fragmentToText(fragmentOf(document, chosen)));
    tell({ text: `${chosen.length} ${chosen.length === 1 ? "step" : "steps"} copied.` });
  } catch {
    tell({ text: "The browser does not let this page use the clipboard.", tone: "danger" });
  }
}

/** Pastes steps from a text into the graph of what is selected. */
export function pasteText(store: EditorStore, text: string): void {
  const { document, selection, run } = store.getState();
  const { nodes } = addressesOf(document);
  const scope: ScopeKey = nodes.get(selection[0] ?? "")?.scope ?? "";
  run((now) => pasteFragment(now, fragmentFromText(text), { scope }));
}
