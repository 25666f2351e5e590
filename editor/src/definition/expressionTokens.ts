/**
 * Cutting an expression into words, leniently: what fits nothing is a word of its own, because the
 * text may be half typed.  Evaluates nothing.
 * Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
 */
export interface Token {
  kind: "space" | "text" | "number" | "name" | "operator" | "other";
  text: string;
  /** Offset of its first character. */
  start: number;
  /** Of a text: what it says; `null` where it is never closed. */
  value: string | null;
}

const SPACE = /(?:[ \t\r\n\f]+|\/\/[^\n]*)/y;
const TEXT = /[rRbB]{0,2}("""|'''|"|')/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:[0-9]+\.[0-9]+|\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?)/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /(?:&&|\|\||[=!<>]=|[-+*/%!<>?:.,()[\]{}])/y;

/** Returns the words of `text`; together they are the whole text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    const token = next(text, start);
    tokens.push(token);
    start += token.text.length;
  }
  return tokens;
}

/** Returns `text` as a literal in double quotes. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function next(text: string, start: number): Token {
  const quoted = match(TEXT, text, start);
  if (quoted) return literal(text, start, quoted);
  for (const [kind, pattern] of KINDS) {
    const found = match(pattern, text, start);
    if (found) return { kind, text: found[0], start, value: null };
  }
  const char = String.fromCodePoint(text.codePointAt(start) ?? 0);
  return { kind: "other", text: char, start, value: null };
}

const KINDS = [
  ["space", SPACE],
  ["number", NUMBER],
  ["name", NAME],
  ["operator", OPERATOR],
] as const;

function match(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}

function literal(text: string, start: number, opening: RegExpExecArray): Token {
  const mark = opening[1] ?? '"';
  const raw = /[rR]/.test(opening[0].slice(0, -mark.length));
  const first = start + opening[0].length;
  let end = first;
  while (end < text.length && !text.startsWith(mark, end)) {
    if (mark.length === 1 && (text[end] === "\n" || text[end] === "\r")) break;
    end += text[end] === "\\" && !raw ? 2 : 1;
  }
  const closed = text.startsWith(mark, end);
  const stop = Math.min(text.length, closed ? end + mark.length : end);
  const body = text.slice(first, Math.min(end, text.length));
  return {
    kind: "text",
    text: text.slice(start, stop),
    start,
    value: closed ? (raw ? body : unescaped(body)) : null,
  };
}

function unescaped(body: string): string {
  if (!body.includes("\\")) return body;
  return body.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (_, u, x, char) =>
    u || x ? String.fromCharCode(Number.parseInt(u ?? x, 16)) : (SIMPLE[char] ?? char),
  );
}

const SIMPLE: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
