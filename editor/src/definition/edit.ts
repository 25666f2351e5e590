/** What a command answers: the document after it, and what to tell the person. */
import type { NodeKey } from "./addresses";
import type { DefinitionDoc } from "./document";

export interface Edit {
  readonly document: DefinitionDoc;
  /** What undo takes back, as in "Undo: delete 2 steps". */
  readonly label: string;
  /** What is selected afterwards; as before, where not given. */
  readonly select?: readonly NodeKey[];
  /** What the person should know, a sentence each. */
  readonly notes?: readonly string[];
}

/** A command cannot be done; the message says what to do instead. */
export class CommandError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "CommandError";
  }
}
