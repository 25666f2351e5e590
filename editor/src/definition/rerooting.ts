/**
 * Reading the same data by another way: `steps.fetch` becomes `inputs.fetch` where a piece of a
 * workflow becomes one of its own.  Works on the text, so that the rest stays as it was written.
 */
import { type Source, sourceKind } from "./document";
import { quote, type Token, tokenize } from "./expressionTokens";
import { pathSegment } from "./renaming";
import { changeExpressions, templateParts } from "./templates";

export type Way = readonly [string, ...string[]];

/** Returns `source` with what it reads at `from` read at `to`; the same object where it does not. */
export function rerootSource<T>(source: T, from: Way, to: Way): T {
  const kind = sourceKind(source);
  const text = kind === null ? undefined : (source as Source)[kind];
  if (kind === null || typeof text !== "string") return source;
  const change = (inside: string) => rerootExpression(inside, from, to);
  const made =
    kind === "from"
      ? rerootPath(text, from, to)
      : kind === "expression"
        ? change(text)
        : kind === "template"
          ? changeExpressions(text, change)
          : text;
  return made === text ? source : ({ [kind]: made } as T);
}

/** Returns the first two parts of each path that a source reads; the second is `null` where the
 * whole is read, or a part that is worked out. */
export function waysReadBy(source: unknown): [string, string | null][] {
  const kind = sourceKind(source);
  const text = kind === null ? undefined : (source as Source)[kind];
  if (typeof text !== "string") return [];
  if (kind === "from") return [wayOf(text)];
  if (kind === "expression") return waysIn(text);
  if (kind !== "template") return [];
  return templateParts(text)
    .filter((part) => part.kind === "expression")
    .flatMap((part) => waysIn(part.text));
}

function wayOf(text: string): [string, string | null] {
  const root = pathSegment(text, text.length - text.trimStart().length, true);
  if (!root) return ["input", null];
  return [root.name, pathSegment(text, root.end, false)?.name ?? null];
}

function waysIn(text: string): [string, string | null][] {
  const words = wordsOf(text);
  return words.flatMap((word, index): [string, string | null][] => {
    if (!isRoot(words, index)) return [];
    return [[word.text, accessAt(words, index + 1)?.name ?? null]];
  });
}

function rerootPath(text: string, from: Way, to: Way): string {
  let at = text.length - text.trimStart().length;
  for (const [index, name] of from.entries()) {
    const segment = pathSegment(text, at, index === 0);
    if (segment?.name !== name) return text;
    at = segment.end;
  }
  return written(to) + text.slice(at);
}

function rerootExpression(text: string, from: Way, to: Way): string {
  const words = wordsOf(text);
  const made: string[] = [];
  let copied = 0;
  for (const [index, word] of words.entries()) {
    if (word.text !== from[0] || !isRoot(words, index)) continue;
    let end = word.start + word.text.length;
    let at = index + 1;
    let fits = true;
    for (const name of from.slice(1)) {
      const access = accessAt(words, at);
      fits = access?.name === name;
      if (!access || !fits) break;
      ({ end, next: at } = access);
    }
    if (!fits) continue;
    made.push(text.slice(copied, word.start), written(to));
    copied = end;
  }
  made.push(text.slice(copied));
  return made.join("");
}

function wordsOf(text: string): Token[] {
  return tokenize(text).filter(({ kind }) => kind !== "space");
}

/** Whether the word is a name of its own: no field of something, and nothing that is called. */
function isRoot(words: readonly Token[], index: number): boolean {
  return (
    words[index]?.kind === "name" &&
    words[index - 1]?.text !== "." &&
    words[index + 1]?.text !== "("
  );
}

function accessAt(
  words: readonly Token[],
  at: number,
): { name: string; end: number; next: number } | null {
  const [opening, middle, closing] = [words[at], words[at + 1], words[at + 2]];
  if (opening?.text === "." && middle?.kind === "name" && closing?.text !== "(") {
    return { name: middle.text, end: middle.start + middle.text.length, next: at + 2 };
  }
  const quoted = opening?.text === "[" && middle?.kind === "text" && closing?.text === "]";
  if (!quoted || middle.value === null) return null;
  return { name: middle.value, end: closing.start + 1, next: at + 3 };
}

function written([root, ...parts]: Way): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/;
  return root + parts.map((part) => (plain.test(part) ? `.${part}` : `[${quote(part)}]`)).join("");
}
