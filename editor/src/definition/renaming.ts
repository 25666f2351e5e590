/**
 * Giving one part of a path another name wherever it is read: in paths, expressions, templates.
 * Works on the text, so that spelling, spaces and comments stay as the author wrote them.
 */
import { type Source, type SourceKind, sourceKind } from "./document";
import { quote, type Token, tokenize } from "./expressionTokens";
import { changeExpressions, templateParts } from "./templates";

/** The last part of `path`, as in ["steps", "fetch"], is called `to` from now on. */
export interface Renaming {
  path: readonly [string, ...string[]];
  to: string;
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Returns `source` with the part renamed; the same object where it is not read. */
export function renameInSource<T>(source: T, renaming: Renaming): T {
  const kind = sourceKind(source);
  if (kind === null) return source;
  const text = (source as Source)[kind];
  if (typeof text !== "string") return source;
  // Most texts read nothing of the kind, and cutting them into words takes time.
  if (!text.includes(renaming.path[0])) return source;
  const renamed = renameInText(kind, text, renaming);
  return renamed === text ? source : ({ [kind]: renamed } as T);
}

/** Returns the text of a source of that kind with the part renamed. */
export function renameInText(kind: SourceKind, text: string, renaming: Renaming): string {
  if (kind === "from") return renameInPath(text, renaming);
  if (kind === "expression") return renameInExpression(text, renaming);
  if (kind === "template") {
    return changeExpressions(text, (inside) => renameInExpression(inside, renaming));
  }
  return text;
}

/** Returns `text`, a path such as `steps.fetch.items[0]`, with the part renamed. */
export function renameInPath(text: string, { path, to }: Renaming): string {
  let at = text.length - text.trimStart().length;
  for (const [index, name] of path.entries()) {
    const found = pathSegment(text, at, index === 0);
    if (!found || found.name !== name) return text;
    if (index === path.length - 1) return text.slice(0, at) + accessor(to) + text.slice(found.end);
    at = found.end;
  }
  return text;
}

/** Returns the ids of the steps that a source reads by `steps.<id>` or `steps["<id>"]`. */
export function stepsReadBy(source: unknown): ReadonlySet<string> {
  const kind = sourceKind(source);
  if (kind === null) return NOTHING;
  const text = (source as Source)[kind];
  if (typeof text !== "string" || !text.includes("steps")) return NOTHING;
  if (kind === "from") return stepInPath(text);
  if (kind === "expression") return stepsInExpression(text);
  if (kind !== "template") return NOTHING;
  const places = templateParts(text).filter((part) => part.kind === "expression");
  return new Set(places.flatMap((part) => [...stepsInExpression(part.text)]));
}

const NOTHING: ReadonlySet<string> = new Set();

function stepInPath(text: string): ReadonlySet<string> {
  const root = pathSegment(text, text.length - text.trimStart().length, true);
  const step = root?.name === "steps" ? pathSegment(text, root.end, false) : null;
  return step ? new Set([step.name]) : NOTHING;
}

function stepsInExpression(text: string): ReadonlySet<string> {
  const words = tokenize(text).filter((token) => token.kind !== "space");
  const found = new Set<string>();
  for (const [index, word] of words.entries()) {
    if (word.kind !== "name" || word.text !== "steps" || words[index - 1]?.text === ".") continue;
    const [opening, name] = [words[index + 1]?.text, words[index + 2]];
    if (opening === "." && name?.kind === "name") found.add(name.text);
    if (opening === "[" && name?.kind === "text" && name.value !== null) found.add(name.value);
  }
  return found;
}

/** Returns the part of a path that begins at `at`, and where it ends; `null` if none can. */
export function pathSegment(
  text: string,
  at: number,
  first: boolean,
): { name: string; end: number } | null {
  const pattern = first
    ? /([A-Za-z_][A-Za-z0-9_-]*)/y
    : /\.([A-Za-z_][A-Za-z0-9_-]*|0|[1-9][0-9]{0,8})|\[(0|[1-9][0-9]{0,8}|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]/y;
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (!found) return null;
  const word = found[1] ?? found[2] ?? "";
  const name = /^["']/.test(word) ? (tokenize(word)[0]?.value ?? "") : word;
  return { name, end: at + found[0].length };
}

/** Returns `text`, an expression, with the part renamed. */
export function renameInExpression(text: string, { path, to }: Renaming): string {
  const tokens = tokenize(text);
  const words = tokens.filter((token) => token.kind !== "space");
  const made: string[] = [];
  let copied = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word?.kind !== "name" || word.text !== path[0]) continue;
    // A field of something else may have the same name.
    if (words[index - 1]?.text === ".") continue;
    const place = lastAccess(words, index + 1, path.slice(1));
    if (!place) continue;
    made.push(text.slice(copied, place.start), accessor(to));
    copied = place.end;
  }
  made.push(text.slice(copied));
  return made.join("");
}

/** Returns where the last of `names` is written, each as `.name` or `["name"]`, from `index` on. */
function lastAccess(
  words: readonly Token[],
  index: number,
  names: readonly string[],
): { start: number; end: number } | null {
  let at = index;
  let place: { start: number; end: number } | null = null;
  for (const name of names) {
    const [opening, middle, closing] = [words[at], words[at + 1], words[at + 2]];
    if (!opening || !middle) return null;
    if (opening.text === "." && middle.kind === "name" && middle.text === name) {
      place = { start: opening.start, end: middle.start + middle.text.length };
      at += 2;
    } else if (
      opening.text === "[" &&
      middle.kind === "text" &&
      middle.value === name &&
      closing?.text === "]"
    ) {
      place = { start: opening.start, end: closing.start + 1 };
      at += 3;
    } else {
      return null;
    }
  }
  return place;
}

function accessor(name: string): string {
  return PLAIN.test(name) ? `.${name}` : `[${quote(name)}]`;
}
