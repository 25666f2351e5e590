/** The places of a template, `{{ expression }}`.  Renders nothing; what is never closed is text. */
import { tokenize } from "./expressionTokens";

export interface TemplatePart {
  kind: "text" | "expression";
  text: string;
  /** Offset of its first character in the template. */
  start: number;
}

/** Returns the texts and the expressions of a template in order. */
export function templateParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let start = 0;
  for (;;) {
    const opening = text.indexOf("{{", start);
    const closing = opening < 0 ? -1 : closingOf(text, opening + 2);
    if (closing < 0) {
      parts.push({ kind: "text", text: text.slice(start), start });
      return parts;
    }
    parts.push({ kind: "text", text: text.slice(start, opening), start });
    const inside = opening + 2;
    parts.push({ kind: "expression", text: text.slice(inside, closing), start: inside });
    start = closing + 2;
  }
}

/** Returns `text` with each expression in it changed. */
export function changeExpressions(text: string, change: (expression: string) => string): string {
  const parts = templateParts(text);
  if (parts.length === 1) return text;
  return parts
    .map((part) => (part.kind === "text" ? part.text : `{{${change(part.text)}}}`))
    .join("");
}

/** Returns where the `}}` is, past texts and maps inside; -1 if nowhere. */
function closingOf(text: string, from: number): number {
  let depth = 0;
  const tokens = tokenize(text.slice(from));
  for (const [index, token] of tokens.entries()) {
    if (token.text === "}" && depth === 0 && tokens[index + 1]?.text === "}") {
      return from + token.start;
    }
    if (token.text === "{") depth += 1;
    if (token.text === "}" && depth > 0) depth -= 1;
  }
  return -1;
}
