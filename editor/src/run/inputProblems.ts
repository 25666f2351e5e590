/** What the server found wrong with an input, at the fields of its form.  Pure. */
import { ApiError } from "@/api/errors";
import { isWithin, problemsOf } from "@/schema/pointers";
import type { ValueProblem } from "@/schema/types";

/** Returns the problems of the value below `place` ("/input") that a refused request named.
 *
 * Codes about the value itself name paths inside it; those about the request name pointers into
 * its body.
 */
export function inputProblems(error: unknown, place: string): ValueProblem[] {
  if (!(error instanceof ApiError)) return [];
  const problems = error.details.problems;
  if (error.code !== "request.invalid") return problemsOf(error.details);
  if (!Array.isArray(problems)) return [];
  return problems.flatMap((it: { path?: unknown; message?: unknown }) =>
    typeof it.path === "string" && isWithin(it.path, place)
      ? [{ pointer: it.path.slice(place.length), message: String(it.message ?? "") }]
      : [],
  );
}

/** Returns what a refused request said of its own `field`, beside the value. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  const isAboutRequest = error instanceof ApiError && error.code === "request.invalid";
  return isAboutRequest ? inputProblems(error, `/${field}`)[0]?.message : undefined;
}

/** Returns whether a form for `schema` would have nothing to ask. */
export function asksNothing(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  // Who draws a workflow and declares no inputs has none in mind.
  if (Object.keys(schema).length === 0) return true;
  const { properties, type, additionalProperties } = schema as Record<string, unknown>;
  const named = typeof properties === "object" && properties !== null ? properties : {};
  return type === "object" && Object.keys(named).length === 0 && !additionalProperties;
}
