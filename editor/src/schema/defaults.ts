/** Values a form begins with. Never hands out a secret, and never guesses between alternatives. */

import { isObject, type JsonObject, type JsonSchema } from "@/contracts/json";
import { isSecret, resolved, shapeOf } from "./shapes";
import { propertiesOf, requiredOf } from "./types";

const MAX_DEPTH = 64;

/** The value with every default filled in; undefined where the schema names none ({} for an object). */
export function defaultsOf(schema: JsonSchema | undefined | null): unknown {
  return schema ? defaultOf(schema, schema, true, 0) : undefined;
}

/** What a new item of a list or a chosen alternative begins with: its default, else the emptiest fit. */
export function emptyOf(schema: JsonSchema | undefined, root: JsonSchema): unknown {
  const made = schema === undefined ? undefined : defaultOf(schema, root, true, 0);
  if (made !== undefined) return made;
  const shape = shapeOf(schema, root);
  switch (shape.kind) {
    case "array":
      return [];
    case "object":
      return {};
    case "boolean":
      return false;
    case "string":
      return "";
    case "const":
      return shape.value;
    case "choice":
      return shape.choices[0]?.value ?? null;
    default:
      return null;
  }
}

/** `value` without what its schema calls secret, for prefilling with what somebody entered before. */
export function withoutSecrets(
  schema: JsonSchema | undefined,
  value: unknown,
  root: JsonSchema = schema ?? true,
): unknown {
  if (isSecret(schema)) return undefined;
  const shape = shapeOf(schema, root);
  if (isSecret(shape.schema)) return undefined;
  if (shape.kind === "object" && isObject(value)) {
    const inner = new Map(propertiesOf(shape.schema));
    const kept = Object.entries(value)
      .map(([key, one]) => [key, inner.has(key) ? withoutSecrets(inner.get(key), one, root) : one])
      .filter(([, one]) => one !== undefined);
    return Object.fromEntries(kept);
  }
  if (shape.kind === "array" && Array.isArray(value) && isObject(shape.schema.items)) {
    const items = shape.schema.items;
    return value.map((item) => withoutSecrets(items, item, root) ?? null);
  }
  return value;
}

function defaultOf(schema: JsonSchema, root: JsonSchema, wanted: boolean, depth: number): unknown {
  const made = depth > MAX_DEPTH ? undefined : resolved(schema, root);
  if (made === undefined || isSecret(made)) return undefined;
  const given = "default" in made ? structuredClone(made.default) : undefined;
  const shape = shapeOf(schema, root);
  if (shape.kind === "const") return given ?? (wanted ? shape.value : undefined);
  if (shape.kind !== "object") return given;
  if (given !== undefined && !isObject(given)) return given;
  if (given === undefined && !wanted) return undefined;
  const required = requiredOf(shape.schema);
  const filled: JsonObject = isObject(given) ? given : {};
  for (const [name, inner] of propertiesOf(shape.schema)) {
    if (name in filled) continue;
    const value = defaultOf(inner, root, required.has(name), depth + 1);
    if (value !== undefined) filled[name] = value;
  }
  return filled;
}
