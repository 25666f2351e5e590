/** Turning a source of one kind into another without losing what was written.  Pure. */

import type { Json } from "@/contracts/generated/events";
import { type Source, type SourceKind, sourceKind } from "@/definition/document";
import { isPath } from "../conditions/conditionText";

export const KIND_LABELS: Record<SourceKind, string> = {
  value: "Fixed",
  from: "From…",
  expression: "Expression",
  template: "Template",
  code: "Python",
};

/** Returns `source` as one of `kind`; null where it has nothing that could be carried over. */
export function converted(source: Source | undefined, kind: SourceKind): Source | null {
  const before = sourceKind(source);
  if (!source || before === null) return kind === "template" ? { template: "" } : null;
  if (before === kind) return source;
  const text = textOf(source);
  switch (kind) {
    case "expression":
      if (before === "from" && text) return { expression: text };
      if (before === "value") return { expression: JSON.stringify(source.value ?? null) };
      return before === "template" ? onlyExpression(text) : null;
    case "from": {
      const path = before === "template" ? onlyExpression(text)?.expression : text;
      return before !== "value" && path && isPath(path) ? { from: path.trim() } : null;
    }
    case "template":
      if (before === "value")
        return typeof source.value === "string" ? { template: source.value } : { template: "" };
      return text ? { template: `{{ ${text} }}` } : { template: "" };
    case "value":
      return before === "template" && !text.includes("{{") ? { value: text } : null;
    default:
      return null;
  }
}

/** Returns the text of a source; "" of a value. */
export function textOf(source: Source): string {
  return source.from ?? source.expression ?? source.template ?? source.code ?? "";
}

/** Returns a source for what a field holds where it may hold a bare value too. */
export function asSource(held: unknown): Source | undefined {
  if (held === undefined || held === null) return undefined;
  return sourceKind(held) === null ? { value: held as Json } : (held as Source);
}

/** Returns what such a field holds for a source: a fixed value stands bare. */
export function asHeld(source: Source | undefined): unknown {
  return source && sourceKind(source) === "value" ? source.value : source;
}

function onlyExpression(template: string): { expression: string } | null {
  const match = /^\s*\{\{\s*(.+?)\s*\}\}\s*$/.exec(template);
  return match?.[1] && !match[1].includes("}}") ? { expression: match[1] } : null;
}
