/** Reading the keywords of a JSON Schema that may be anything; refuses nothing, narrows only. */
import { isObject, type JsonObject, type JsonSchema } from "@/contracts/json";

/** One place of a value that does not fit; `pointer` is a JSON Pointer, "" the whole. */
export interface ValueProblem {
  readonly pointer: string;
  readonly message: string;
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
