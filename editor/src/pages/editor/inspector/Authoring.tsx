/** What all fields of the inspector share: the document as it last stood still, and whose data to try. */
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { DefinitionDoc } from "@/definition/document";
import { useDocument, useEditor } from "../store";

interface Authoring {
  document: DefinitionDoc;
  /** Another number for another document: objects make poor cache keys. */
  version: number;
  /** The run whose values are shown; null if there was none. */
  executionId: string | null;
}

const SETTLED_MS = 500;
const versions = new WeakMap<object, number>();
let latest = 0;

const Context = createContext<Authoring | null>(null);

/** Gives the fields below their document; it follows the edited one with half a second's delay. */
export function AuthoringProvider({ children }: { children: ReactNode }) {
  const document = useSettled(useDocument(), SETTLED_MS);
  const executionId = useEditor((state) => state.lastExecutionId);
  return (
    <Context.Provider value={{ document, version: versionOf(document), executionId }}>
      {children}
    </Context.Provider>
  );
}

/** Returns what the fields share. */
export function useAuthoring(): Authoring {
  const found = useContext(Context);
  if (!found) throw new Error("useAuthoring() works inside of an AuthoringProvider only");
  return found;
}

/** Returns `value` as it was when it last stood still for `delay` ms. */
export function useSettled<T>(value: T, delay: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled;
}

function versionOf(document: object): number {
  const known = versions.get(document);
  if (known !== undefined) return known;
  latest += 1;
  versions.set(document, latest);
  return latest;
}
