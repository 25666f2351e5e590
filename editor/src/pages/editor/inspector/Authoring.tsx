/** What all fields of the inspector share: the document as it last stood still, and whose data to try. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { addressesOf } from "@/definition/addresses";
import type { DefinitionDoc } from "@/definition/document";
import { useDocument, useEditor } from "../store";

interface Authoring {
  document: DefinitionDoc;
  /** Another number for another document: objects make poor cache keys. */
  version: number;
  /** The run whose values are shown; null if there was none. */
  executionId: string | null;
  /** Whether the document is small enough to be sent along for every field that is shown. */
  few: boolean;
}

const SETTLED_MS = 500;
const FEW_NODES = 200;
const versions = new WeakMap<object, number>();
let last: { document: DefinitionDoc; version: number } | null = null;

const Context = createContext<Authoring | null>(null);

/** Gives the fields below their document; it follows the edited one with half a second's delay. */
export function AuthoringProvider({ children }: { children: ReactNode }) {
  const document = useSettled(useDocument(), SETTLED_MS);
  const executionId = useEditor((state) => state.lastExecutionId);
  const few = addressesOf(document).nodes.size <= FEW_NODES;
  const version = versionOf(document);
  const shared = useMemo(
    () => ({ document, version, executionId, few }),
    [document, version, executionId, few],
  );
  return <Context.Provider value={shared}>{children}</Context.Provider>;
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

/** What moves nothing that a field can read: places on the canvas, words about the workflow. */
const WORDS = new Set(["ui", "name", "description"]);

function versionOf(document: DefinitionDoc): number {
  const known = versions.get(document);
  if (known !== undefined) return known;
  const same = last && sameBut(last.document, document);
  const version: number = same && last ? last.version : (last?.version ?? 0) + 1;
  versions.set(document, version);
  last = { document, version };
  return version;
}

function sameBut(one: DefinitionDoc, other: DefinitionDoc): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].every((field) => WORDS.has(field) || one[field] === other[field]);
}
