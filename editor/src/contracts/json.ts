/** What a JSON value and a JSON Schema are here; refuses nothing, narrows only. */

export type JsonObject = Record<string, unknown>;

/** A schema as people write it: `true`, `false` or an object with keywords we may not know. */
export type JsonSchema = JsonObject | boolean;

/** Returns whether `value` is an object with keys, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns whether two JSON values are the same, whatever the order of their keys. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (Object.is(left, right) || left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, i) => sameJson(item, right[i]));
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}
