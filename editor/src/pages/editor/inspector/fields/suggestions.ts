/** What fits where the caret stands: names, keys below them, functions.  Pure, and never in the way. */
import type { Scope } from "@/api/authoring";
import { templateParts } from "@/definition/templates";
import { partAt, partsIn, sampleText } from "./sourceTree";

export type Language = "path" | "expression" | "template";

export interface Suggestion {
  label: string;
  /** What is put between `from` and `to`. */
  text: string;
  from: number;
  to: number;
  detail: string;
}

const MAX_SUGGESTIONS = 30;
/** What is written of a path up to the caret. */
const BEFORE =
  /([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])*)(\.[A-Za-z0-9_]*)?$/;

/** Returns the suggestions for `text` with the caret at `caret`, the likeliest first. */
export function suggestionsAt(
  text: string,
  caret: number,
  language: Language,
  scope: Scope | undefined,
): Suggestion[] {
  if (!scope) return [];
  const start = language === "template" ? expressionStart(text, caret) : 0;
  if (start === null) return [];
  const before = text.slice(start, caret);
  if (inText(before)) return [];
  const match = BEFORE.exec(before);
  const [written, tail] = [match?.[1] ?? "", match?.[2]];
  if (match === null && /[\w\])"']$/.test(before)) return [];
  const base = tail === undefined ? written.replace(/(^|\.)[A-Za-z0-9_]*$/, "") : written;
  const dot = base !== "" && before.endsWith(".") ? 1 : 0;
  const from = caret - (written.length - base.length) - (tail?.length ?? 0);
  const typed = text.slice(from, caret).replace(/^\./, "");
  const made = base === "" ? rootsFor(written, scope, language) : keysFor(base, typed, scope);
  return made
    .map((one) => ({ ...one, from: base === "" ? caret - written.length : from, to: caret }))
    .filter((one) => one.text !== text.slice(one.from, caret) || dot > 0)
    .slice(0, MAX_SUGGESTIONS);
}

type Made = Pick<Suggestion, "label" | "text" | "detail">;

function rootsFor(typed: string, scope: Scope, language: Language): Made[] {
  const names = scope.names
    .filter(({ name, title }) => fits(typed, name) || fits(typed, title))
    .sort((one, other) => rank(typed, one.name) - rank(typed, other.name))
    .map(({ name, title, has_sample, sample }) => ({
      label: name,
      text: name,
      detail: [title === name ? "" : title, has_sample ? sampleText(sample) : ""]
        .filter(Boolean)
        .join(" · "),
    }));
  if (language === "path" || typed === "") return names;
  const functions = scope.functions
    .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .map((name) => ({ label: `${name}()`, text: `${name}(`, detail: "function" }));
  return [...names, ...functions];
}

function keysFor(base: string, typed: string, scope: Scope): Made[] {
  if (base === "steps")
    return scope.names
      .filter(
        ({ name, title }) =>
          name.startsWith("steps") && (fits(typed, last(name)) || fits(typed, title)),
      )
      .map(({ name, title }) => ({ label: name, text: name.slice("steps".length), detail: title }));
  const part = partAt(scope.names, base);
  if (!part) return [];
  return partsIn(part)
    .filter(({ label }) => fits(typed, label))
    .map(({ path, label, type, sample }) => ({
      label,
      text: path.slice(base.length),
      detail: [type, sampleText(sample)].filter(Boolean).join(" · "),
    }));
}

/** Where the expression around the caret begins; `null` in the text between expressions. */
function expressionStart(text: string, caret: number): number | null {
  const closed = templateParts(text).find(
    (part) =>
      part.kind === "expression" && caret >= part.start && caret <= part.start + part.text.length,
  );
  if (closed) return closed.start;
  const opening = text.lastIndexOf("{{", caret - 1);
  if (opening < 0 || opening + 2 > caret || text.slice(opening, caret).includes("}}")) return null;
  return opening + 2;
}

/** Whether the caret stands inside of a text in quotes. */
function inText(before: string): boolean {
  const bare = before.replace(/\["(?:[^"\\]|\\.)*"\]/g, "").replace(/\\./g, "");
  const outside = bare.replace(/"[^"]*"|'[^']*'/g, "");
  return /["']/.test(outside);
}

function fits(typed: string, name: string): boolean {
  return name.toLowerCase().includes(typed.toLowerCase());
}

/** Names that begin so come before those that have it somewhere. */
function rank(typed: string, name: string): number {
  const begins = (text: string) => text.toLowerCase().startsWith(typed.toLowerCase());
  return begins(name) || begins(last(name)) ? 0 : 1;
}

function last(name: string): string {
  return name.replace(/^steps(\.|\[")/, "").replace(/"\]$/, "");
}
