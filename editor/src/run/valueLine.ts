/** A value in one short line.  Pure; looks only at as much of it as it shows. */
import { isPreview } from "@/execution/preview";

const MOST = 120;

/** Returns the beginning of `value` as one line, empty for nothing. */
export function valueLine(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (isPreview(value)) return cut(value.preview.replace(/\s+/g, " "));
  if (typeof value === "string") return cut(value.slice(0, MOST + 1).replace(/\s+/g, " "));
  return cut(textOf(value, MOST));
}

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

/** JSON of `value` up to about `room` characters; large values are not gone through wholly. */
function textOf(value: unknown, room: number): string {
  if (value === null || typeof value !== "object") {
    const text = typeof value === "string" ? value.slice(0, room + 1) : value;
    return JSON.stringify(text) ?? "";
  }
  const isList = Array.isArray(value);
  let text = isList ? "[" : "{";
  for (const key in value) {
    if (text.length > room) return text;
    if (text.length > 1) text += ", ";
    if (!isList) text += `${key}: `;
    text += textOf((value as Record<string, unknown>)[key], room - text.length);
  }
  return text + (isList ? "]" : "}");
}
