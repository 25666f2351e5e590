/** Unsaved work in the browser's own storage, so that a closed tab or a crash loses nothing. */
import type { DefinitionDoc } from "@/definition/document";
import { readDocument } from "@/definition/readDocument";

export interface Draft {
  /** The revision that it was begun from. */
  revision: number;
  /** When it was last changed, in ms. */
  at: number;
  document: DefinitionDoc;
}

function nameOf(workflowId: string): string {
  return `celeriac:draft:${workflowId}`;
}

/** Keeps unsaved work; where the storage is full or forbidden nothing is kept. */
export function keepDraft(workflowId: string, draft: Draft): void {
  try {
    localStorage.setItem(nameOf(workflowId), JSON.stringify(draft));
  } catch {
    // The page warns before it is left, which is all that remains then.
  }
}

/** Forgets unsaved work. */
export function dropDraft(workflowId: string): void {
  try {
    localStorage.removeItem(nameOf(workflowId));
  } catch {
    // A storage that may not be written holds nothing either.
  }
}

/** Returns the unsaved work of an earlier visit; `null` if there is none that can be read. */
export function keptDraft(workflowId: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(workflowId)) ?? "null") as Draft | null;
    const read = readDocument(kept?.document);
    if (!kept || !read.document || typeof kept.revision !== "number") return null;
    return { revision: kept.revision, at: Number(kept.at), document: read.document };
  } catch {
    return null;
  }
}
