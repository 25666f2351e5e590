/** Whether two JSON values are equal, in whatever order their fields stand. */

/** Returns whether `one` and `other` say the same. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [mine, theirs] = [Object.entries(one), Object.keys(other)];
  return (
    mine.length === theirs.length &&
    mine.every(
      ([name, value]) =>
        Object.hasOwn(other, name) && sameJson(value, (other as Record<string, unknown>)[name]),
    )
  );
}
