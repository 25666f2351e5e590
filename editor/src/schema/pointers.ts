/** JSON Pointers into values, and the server's dotted paths read as pointers. Never throws on odd text. */

import type { ValueProblem } from "./types";

/** `pointer` one step further down. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The keys of a pointer, unescaped; [] for the whole. */
export function keysOf(pointer: string): string[] {
  if (pointer === "") return [];
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Whether `pointer` is `parent` or lies below it. */
export function isWithin(pointer: string, parent: string): boolean {
  return pointer === parent || pointer.startsWith(`${parent}/`);
}

const SEGMENT =
  /\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\.(\d+)|\[("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\]/y;

/** The keys of a path such as `nested.items[0]["any key"]`; null if it is not one. `.` and "" are the whole. */
export function keysOfPath(path: string): (string | number)[] | null {
  const text = path.trim();
  if (text === "" || text === ".") return [];
  const keys: (string | number)[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (!match) return null;
    const [, word, index, place, quoted] = match;
    const number = index ?? place;
    if (word !== undefined) keys.push(word);
    else if (number !== undefined) keys.push(Number(number));
    else if (quoted !== undefined) keys.push(unquoted(quoted));
  }
  return keys;
}

/** The pointer of a dotted path; "" where it cannot be read. */
export function pointerOfPath(path: string): string {
  return (keysOfPath(path) ?? []).reduce<string>((pointer, key) => pointerTo(pointer, key), "");
}

/** The `details.problems` of a refused request as problems of a form's value; [] for other details. */
export function problemsOf(details: unknown): ValueProblem[] {
  if (typeof details !== "object" || details === null || !("problems" in details)) return [];
  const { problems } = details;
  if (!Array.isArray(problems)) return [];
  return problems.flatMap((problem: unknown) =>
    typeof problem === "object" &&
    problem !== null &&
    "path" in problem &&
    "message" in problem &&
    typeof problem.path === "string" &&
    typeof problem.message === "string"
      ? [{ pointer: pointerOfPath(problem.path), message: problem.message }]
      : [],
  );
}

function unquoted(text: string): string {
  const inside = text.slice(1, -1);
  if (text.startsWith("'")) return inside.replace(/\\(.)/g, "$1");
  try {
    return String(JSON.parse(text));
  } catch {
    return inside;
  }
}
