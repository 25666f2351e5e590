/** Ids of nodes and cases: what may stand in one, and which are free.  Knows no graph. */
import { addressesOf } from "./addresses";
import type { DefinitionDoc } from "./document";

const PATTERN = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/;
export const MAX_ID_LENGTH = 200;

/** Returns whether the server takes `text` as an id. */
export function isValidId(text: string): boolean {
  return text.length <= MAX_ID_LENGTH && PATTERN.test(text);
}

/** Returns an id made of a text that people wrote, such as `fetch_the_page`; never empty. */
export function idFrom(text: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  // A word first: `steps.2nd` would need brackets in every expression.
  const id = (words ?? ["step"]).join("_").slice(0, 40).replace(/_+$/, "");
  return /^[0-9]/.test(id) ? `step_${id}` : id;
}

/** Returns every id that nodes of the document have. */
export function takenIds(document: DefinitionDoc): Set<string> {
  return new Set([...addressesOf(document).nodes.values()].map((entry) => entry.node.id));
}

/** Returns `wanted`, with a number behind it where that is taken. */
export function freeId(taken: ReadonlySet<string>, wanted: string): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/_\d+$/, "");
  for (let number = 2; ; number += 1) {
    const id = `${stem.slice(0, MAX_ID_LENGTH - 8)}_${number}`;
    if (!taken.has(id)) return id;
  }
}
