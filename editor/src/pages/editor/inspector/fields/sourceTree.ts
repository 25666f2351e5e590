/** What a place may read, as a tree of paths with types and samples.  Pure; opens a level at a time. */
import type { ScopeName } from "@/api/authoring";
import { isObject, type JsonSchema } from "@/contracts/json";
import { shapeOf, typeWords } from "@/schema/shapes";
import { isSchema, propertiesOf } from "@/schema/types";

export interface SourcePart {
  /** As written in a path and in an expression. */
  path: string;
  label: string;
  /** One or two words; "" where nothing is known. */
  type: string;
  schema: JsonSchema | null;
  root: JsonSchema | null;
  /** undefined: there is none. */
  sample: unknown;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_PARTS = 200;

/** Returns how a key is written behind a path: `.key` or `["any key"]`. */
export function accessor(key: string): string {
  return PLAIN.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Returns the root of the tree for one name that may be read. */
export function partOfName(name: ScopeName): SourcePart {
  const sample = name.has_sample ? name.sample : undefined;
  const { schema } = name;
  return {
    path: name.name,
    label: name.title || name.name,
    type: typeOf(schema, schema, sample),
    schema,
    root: schema,
    sample,
  };
}

/** Returns what is directly inside a part, by its schema and its sample, 200 at most. */
export function partsIn(part: SourcePart): SourcePart[] {
  const sample = whole(part.sample);
  const shape = part.schema === null ? null : shapeOf(part.schema, part.root ?? part.schema);
  const found = new Map<string, SourcePart>();
  const add = (
    key: string,
    path: string,
    label: string,
    schema: JsonSchema | null,
    value: unknown,
  ) => {
    if (found.has(key) || found.size >= MAX_PARTS) return;
    const { root } = part;
    found.set(key, { path, label, type: typeOf(schema, root, value), schema, root, sample: value });
  };
  if (shape?.kind === "array" || Array.isArray(sample)) {
    const items = shape?.schema.items;
    const first: unknown = Array.isArray(sample) ? sample[0] : undefined;
    add("0", `${part.path}[0]`, "first item", isSchema(items) ? items : null, first);
  }
  for (const [key, inner] of shape?.kind === "object" ? propertiesOf(shape.schema) : [])
    add(key, part.path + accessor(key), key, inner, isObject(sample) ? sample[key] : undefined);
  if (isObject(sample) && !Array.isArray(sample))
    for (const [key, value] of Object.entries(sample))
      add(key, part.path + accessor(key), key, null, value);
  return [...found.values()];
}

/** Returns the parts that fit all words of `query`, down to `depth` levels below the names. */
export function searchParts(names: readonly ScopeName[], query: string, depth = 4): SourcePart[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: SourcePart[] = [];
  const visit = (part: SourcePart, left: number, above: string): void => {
    const text = `${above} ${part.label} ${part.path}`.toLowerCase();
    if (words.every((word) => text.includes(word)) && found.length < MAX_PARTS) found.push(part);
    if (left > 0)
      for (const inner of partsIn(part)) visit(inner, left - 1, `${above} ${part.label}`);
  };
  for (const name of names) visit(partOfName(name), depth, "");
  return found;
}

/** Returns the part at `path`; undefined where no schema and no sample names it. */
export function partAt(names: readonly ScopeName[], path: string): SourcePart | undefined {
  const roots = names.filter(
    ({ name }) => path === name || (/^[.[]/.test(path.slice(name.length)) && path.startsWith(name)),
  );
  const nearest = roots.sort((one, other) => other.name.length - one.name.length)[0];
  let part = nearest && partOfName(nearest);
  while (part && part.path !== path) {
    const here: SourcePart = part;
    part = partsIn(here).find(
      (inner) =>
        path === inner.path ||
        (path.startsWith(inner.path) && /^[.[]/.test(path.slice(inner.path.length))),
    );
  }
  return part;
}

/** Returns a short text of a sample value for a list; "" where there is none. */
export function sampleText(sample: unknown): string {
  if (sample === undefined) return "";
  const shown = isPreviewed(sample) ? String(sample.preview) : (JSON.stringify(sample) ?? "");
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}

function typeOf(schema: JsonSchema | null, root: JsonSchema | null, sample: unknown): string {
  if (schema !== null) {
    const words = typeWords(schema, root ?? schema);
    if (words !== "anything") return words;
  }
  const value = whole(sample);
  if (value === undefined) return "";
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  const words: Record<string, string> = { string: "text", boolean: "yes or no" };
  return words[typeof value] ?? typeof value;
}

interface Previewed {
  preview: unknown;
  truncated: true;
}

function isPreviewed(sample: unknown): sample is Previewed {
  return isObject(sample) && sample.truncated === true && "preview" in sample;
}

/** A value that came cut off cannot be looked into. */
function whole(sample: unknown): unknown {
  return isPreviewed(sample) ? undefined : sample;
}
