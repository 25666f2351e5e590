/** The data that a test of one step is given by hand, for what no run has put out yet.  Pure. */

/** What is missing by name, such as `steps.fetch` or `inputs`, and the value given for each. */
export type Given = Readonly<Record<string, unknown>>;

/** Returns the `sample` of a test request; undefined where nothing was given. */
export function sampleOf(given: Given): Record<string, unknown> | undefined {
  const steps: Record<string, unknown> = {};
  const roots: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (name.startsWith("steps.")) steps[name.slice("steps.".length)] = value;
    else roots[name] = value;
  }
  if (Object.keys(steps).length > 0) roots.steps = steps;
  return Object.keys(roots).length > 0 ? roots : undefined;
}

/** Returns the names that a refused test lacks; none for other refusals. */
export function missingIn(error: unknown): string[] {
  if (typeof error !== "object" || error === null || !("details" in error)) return [];
  const { details } = error;
  if (typeof details !== "object" || details === null || !("missing" in details)) return [];
  const { missing } = details;
  return Array.isArray(missing) ? missing.filter((name) => typeof name === "string") : [];
}
