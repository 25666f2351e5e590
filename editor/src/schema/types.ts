/** What a JSON Schema and a JSON value are here; refuses nothing, narrows only. */

export type JsonObject = Record<string, unknown>;

/** A schema as people write it: `true`, `false` or an object with keywords we may not know. */
export type JsonSchema = JsonObject | boolean;

/** One place of a value that does not fit; `pointer` is a JSON Pointer, "" the whole. */
export interface ValueProblem {
  readonly pointer: string;
  readonly message: string;
}

/** Whether `value` is an object with keys, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether `value` can stand where a schema stands. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

/** The text at `key`, or undefined if something else is there. */
export function textAt(schema: JsonObject, key: string): string | undefined {
  const found = schema[key];
  return typeof found === "string" ? found : undefined;
}

/** The finite number at `key`, or undefined if something else is there. */
export function numberAt(schema: JsonObject, key: string): number | undefined {
  const found = schema[key];
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** The schemas below `properties`, in the order they were written. */
export function propertiesOf(schema: JsonObject): [string, JsonSchema][] {
  const properties = schema.properties;
  if (!isObject(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, JsonSchema] =>
    isSchema(entry[1]),
  );
}

/** The names in `required`. */
export function requiredOf(schema: JsonObject): ReadonlySet<string> {
  const names = Array.isArray(schema.required) ? schema.required : [];
  return new Set(names.filter((name): name is string => typeof name === "string"));
}

/** Whether two JSON values are the same, whatever the order of their keys. */
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
