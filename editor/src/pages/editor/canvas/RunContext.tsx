/** Which execution's states the canvas shows, and whether anything may be changed on it. */
import { createContext, useContext } from "react";

export interface CanvasContextValue {
  executionId: string | null;
  /** Opens the choice of what to insert, and where. */
  onInsert: ((where: InsertPlace) => void) | null;
}

/** Where something new comes: behind a node, before it, onto an edge, or into a graph. */
export interface InsertPlace {
  after?: string;
  before?: string;
  beside?: string;
  on?: readonly [string, string];
  scope?: string;
}

const Context = createContext<CanvasContextValue>({ executionId: null, onInsert: null });

export const CanvasContext = Context.Provider;

/** Returns what the canvas around says. */
export function useCanvas(): CanvasContextValue {
  return useContext(Context);
}
