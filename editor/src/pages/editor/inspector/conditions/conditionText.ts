/**
 * Conditions as rows of source, operator and value, and as the CEL text that says the same.
 * A text that no rows would write is not read as rows: it stays text.
 */
import { quote, type Token, tokenize } from "@/definition/expressionTokens";

export const OPERATORS = {
  equals: { label: "equals", takesValue: true },
  not_equals: { label: "does not equal", takesValue: true },
  gt: { label: "is more than", takesValue: true },
  gte: { label: "is at least", takesValue: true },
  lt: { label: "is less than", takesValue: true },
  lte: { label: "is at most", takesValue: true },
  contains: { label: "contains", takesValue: true },
  not_contains: { label: "does not contain", takesValue: true },
  matches: { label: "matches the pattern", takesValue: true },
  not_matches: { label: "does not match the pattern", takesValue: true },
  empty: { label: "is empty", takesValue: false },
  not_empty: { label: "is not empty", takesValue: false },
  exists: { label: "exists", takesValue: false },
  not_exists: { label: "does not exist", takesValue: false },
} as const;

export type Operator = keyof typeof OPERATORS;
export type Literal = string | number | boolean | null;
/** What a source is compared with: a value of its own, or another source. */
export type Operand = { kind: "literal"; value: Literal } | { kind: "path"; path: string };

export interface Row {
  /** As written in an expression: `steps.fetch.status`. */
  path: string;
  operator: Operator;
  operand: Operand | null;
}

export interface Rows {
  /** Whether every row must hold, or any one of them. */
  join: "all" | "any";
  rows: readonly Row[];
}

const SIGNS = { equals: "==", not_equals: "!=", gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;

/** Returns the CEL text of `rows`; `null` while one of them is not complete. */
export function textOf({ join, rows }: Rows): string | null {
  const parts = rows.map(rowText);
  if (parts.length === 0 || parts.includes(null)) return null;
  return parts.join(join === "all" ? " && " : " || ");
}

/** Returns the rows that write `text`; `null` for a text that rows do not write. */
export function rowsOf(text: string): Rows | null {
  const tokens = tokenize(text).filter((token) => token.kind !== "space");
  if (tokens.length === 0) return null;
  const all = split(tokens, "&&");
  const anyOf = split(tokens, "||");
  if (all.length > 1 && anyOf.length > 1) return null;
  const rows = (anyOf.length > 1 ? anyOf : all).map(rowOf);
  if (rows.some((row) => row === null)) return null;
  return { join: anyOf.length > 1 ? "any" : "all", rows: rows as Row[] };
}

/** Returns whether `text` is a path that a row can compare, such as `item.left`. */
export function isPath(text: string): boolean {
  const tokens = tokenize(text.trim());
  return tokens.length > 0 && pathEnd(tokens, 0) === tokens.length;
}

function rowText({ path, operator, operand }: Row): string | null {
  if (!isPath(path)) return null;
  if (!OPERATORS[operator].takesValue) return unaryText(path, operator);
  const value = operand === null ? null : operandText(operand);
  if (value === null) return null;
  switch (operator) {
    case "contains":
    case "matches":
      return `${operator}(${path}, ${value})`;
    case "not_contains":
    case "not_matches":
      return `!${operator.slice("not_".length)}(${path}, ${value})`;
    default:
      return `${path} ${SIGNS[operator as keyof typeof SIGNS]} ${value}`;
  }
}

function unaryText(path: string, operator: Operator): string {
  const exists = existsText(path);
  switch (operator) {
    case "exists":
      return exists;
    case "not_exists":
      return exists.startsWith("has(") || exists.startsWith("contains(")
        ? `!${exists}`
        : `${path} == null`;
    default: {
      const missing = exists.endsWith("!= null") ? "" : `!${exists} || `;
      const empty = `(${missing}${path} == null || size(${path}) == 0)`;
      return operator === "empty" ? empty : `!${empty}`;
    }
  }
}

/** `has()` asks for one key that is a plain word; other keys are asked for with `contains()`. */
function existsText(path: string): string {
  const tokens = tokenize(path);
  const last = tokens.at(-1);
  if (tokens.length < 2) return `${path} != null`;
  if (last?.kind === "name") return `has(${path})`;
  const key = tokens.at(-2);
  const parent = tokens.slice(0, -3).map((token) => token.text);
  if (key?.kind === "text") return `contains(${parent.join("")}, ${key.text})`;
  return `${path} != null`;
}

function operandText(operand: Operand): string | null {
  if (operand.kind === "path") return isPath(operand.path) ? operand.path : null;
  const { value } = operand;
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  // CEL knows no 1e+21: what JSON writes so has to have its point.
  return typeof value === "number" && /e/.test(String(value))
    ? String(value).replace(/^(-?\d+)e\+?/, "$1.0e")
    : String(value);
}

function rowOf(tokens: readonly Token[]): Row | null {
  return (
    guesses(tokens).find((row) => {
      const text = rowText(row);
      return text !== null && normal(tokenize(text)) === normal(tokens);
    }) ?? null
  );
}

/** Rows that might write these words; whether they do is asked by writing them. */
function guesses(tokens: readonly Token[]): Row[] {
  const found: Row[] = [];
  const end = pathEnd(tokens, 0);
  const sign = tokens[end]?.text;
  const operand = operandOf(tokens.slice(end + 1));
  if (end > 0 && operand) {
    const path = textFrom(tokens.slice(0, end));
    for (const [operator, text] of Object.entries(SIGNS))
      if (text === sign) found.push({ path, operator: operator as Operator, operand });
  }
  for (const [at, token] of tokens.entries()) {
    if (token.text !== "(") continue;
    const stop = pathEnd(tokens, at + 1);
    if (stop === at + 1) continue;
    const path = textFrom(tokens.slice(at + 1, stop));
    const value = tokens[stop]?.text === "," ? operandOf(tokens.slice(stop + 1, -1)) : null;
    for (const operator of ["contains", "not_contains", "matches", "not_matches"] as const)
      if (value) found.push({ path, operator, operand: value });
    const key = tokens[stop + 1];
    const paths = key?.kind === "text" ? [path, `${path}[${key.text}]`] : [path];
    for (const one of paths)
      for (const operator of ["exists", "not_exists", "empty", "not_empty"] as const)
        found.push({ path: one, operator, operand: null });
  }
  return found;
}

function operandOf(tokens: readonly Token[]): Operand | null {
  const negative = tokens[0]?.text === "-";
  const [token, more] = negative ? tokens.slice(1) : tokens;
  if (!token) return null;
  if (token.kind === "number" && !more && !/^0x/i.test(token.text))
    return { kind: "literal", value: Number(token.text) * (negative ? -1 : 1) };
  if (negative) return null;
  if (token.kind === "text" && !more && token.value !== null)
    return { kind: "literal", value: token.value };
  if (!more && token.text in CONSTANTS)
    return { kind: "literal", value: CONSTANTS[token.text] ?? null };
  if (pathEnd(tokens, 0) === tokens.length) return { kind: "path", path: textFrom(tokens) };
  return null;
}

const CONSTANTS: Record<string, Literal> = { true: true, false: false, null: null };

/** Returns the place behind the path that begins at `start`; `start` itself where none does. */
function pathEnd(tokens: readonly Token[], start: number): number {
  const first = tokens[start];
  if (first?.kind !== "name" || first.text in CONSTANTS || first.text === "in") return start;
  let at = start + 1;
  for (;;) {
    if (tokens[at]?.text === "." && tokens[at + 1]?.kind === "name") at += 2;
    else if (tokens[at]?.text === "[" && tokens[at + 2]?.text === "]" && isKey(tokens[at + 1]))
      at += 3;
    else return tokens[at]?.text === "(" ? start : at;
  }
}

function isKey(token: Token | undefined): boolean {
  return (token?.kind === "number" && /^\d+$/.test(token.text)) || (token?.value ?? null) !== null;
}

function split(tokens: readonly Token[], operator: string): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if ("([{".includes(token.text)) depth += 1;
    if (")]}".includes(token.text)) depth -= 1;
    if (depth === 0 && token.text === operator) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

function textFrom(tokens: readonly Token[]): string {
  return tokens.map((token) => token.text).join("");
}

/** The words with one spelling each, to compare texts that differ in quotes and spaces only. */
function normal(tokens: readonly Token[]): string {
  return JSON.stringify(
    tokens
      .filter((token) => token.kind !== "space")
      .map((token) => (token.value !== null ? { text: token.value } : numberText(token))),
  );
}

function numberText(token: Token): string {
  return token.kind === "number" ? String(Number(token.text)) : token.text;
}
