/** Where something new goes when nobody said: behind what is selected, or at the end.  Pure. */
import { addressesOf, type NodeKey, nodeAt } from "@/definition/addresses";
import { insertNode } from "@/definition/commands/inserting";
import { casesOf, type DefinitionDoc, edgesOf, type NodeDoc, titleOf } from "@/definition/document";
import type { Edit } from "@/definition/edit";
import type { InsertPlace } from "./canvas/RunContext";

/** Returns the place behind the selected node; else behind the one last node; else on its own. */
export function placeFor(document: DefinitionDoc, selection: readonly NodeKey[]): InsertPlace {
  const selected = selection.at(-1);
  if (selected !== undefined) return { after: selected };
  const root = addressesOf(document).scopes.get("");
  const before = new Set(edgesOf(root?.scope ?? {}).map(([from]) => from));
  const last = (root?.nodes ?? []).filter((key) => !before.has(key));
  return last.length === 1 && last[0] !== undefined ? { after: last[0] } : { scope: "" };
}

/** Inserts a node there. */
export function insertAt(document: DefinitionDoc, node: NodeDoc, place: InsertPlace): Edit {
  return insertNode(document, { node, ...place });
}

/** Returns in words where a place is. */
export function placeInWords(document: DefinitionDoc, place: InsertPlace): string {
  const title = (key: string) => {
    const node = nodeAt(document, key);
    return node ? titleOf(node) : key;
  };
  if (place.on) return `Between ${title(place.on[0])} and ${title(place.on[1])}`;
  if (place.after !== undefined) return `After ${title(place.after)}`;
  if (place.beside !== undefined) return `After ${title(place.beside)}, beside what follows it`;
  if (place.before !== undefined) return `Before ${title(place.before)}`;
  return place.scope ? `In ${scopeTitle(document, place.scope)}` : "At the end of the workflow";
}

/** Returns what people call a graph: the step that holds it, and which of its cases it is. */
export function scopeTitle(document: DefinitionDoc, key: string): string {
  const { holder, caseIndex } = addressesOf(document).scopes.get(key) ?? {};
  const node = holder == null ? undefined : nodeAt(document, holder);
  if (!node) return key;
  const one = caseIndex == null ? undefined : casesOf(node)[caseIndex];
  return one ? `${titleOf(node)}: ${one.id}` : titleOf(node);
}
