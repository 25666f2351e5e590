/**
 * Changes to an object schema as the builder makes them. Pure; keywords it does not know stay
 * where they are, and only those go that have no meaning for a newly chosen type.
 */

import { isObject, type JsonObject, type JsonSchema } from "@/contracts/json";
import { isSecret, shapeOf } from "./shapes";
import { numberAt, propertiesOf, requiredOf } from "./types";

/** What a field can be made in the builder; "custom" is anything else, edited as JSON. */
export const FIELD_TYPES = {
  text: { label: "Text", schema: { type: "string" } },
  long: { label: "Long text", schema: { type: "string", maxLength: 10_000 } },
  email: { label: "E-mail", schema: { type: "string", format: "email" } },
  url: { label: "URL", schema: { type: "string", format: "uri" } },
  date: { label: "Date", schema: { type: "string", format: "date" } },
  moment: { label: "Date and time", schema: { type: "string", format: "date-time" } },
  secret: { label: "Secret", schema: { type: "string", "x-secret": true } },
  choice: { label: "Choice", schema: { type: "string", enum: ["first", "second"] } },
  number: { label: "Number", schema: { type: "number" } },
  integer: { label: "Whole number", schema: { type: "integer" } },
  boolean: { label: "Yes or no", schema: { type: "boolean" } },
  list: { label: "List", schema: { type: "array", items: { type: "string" } } },
  object: { label: "Object", schema: { type: "object", properties: {} } },
  anything: { label: "Anything", schema: {} },
} satisfies Record<string, { label: string; schema: JsonObject }>;

export type FieldType = keyof typeof FIELD_TYPES;

/** The types as a list to choose from. */
export const TYPE_OPTIONS = Object.entries(FIELD_TYPES).map(([value, { label }]) => ({
  value,
  label,
}));

const OF_TYPE = [
  "type",
  "format",
  "enum",
  "const",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "items",
  "minItems",
  "maxItems",
  "uniqueItems",
  "properties",
  "required",
  "additionalProperties",
  "x-secret",
  "writeOnly",
  "default",
  "examples",
  "anyOf",
  "oneOf",
];

/** Which of the builder's types a field has. */
export function fieldTypeOf(schema: JsonSchema): FieldType | "custom" {
  if (schema === true || (isObject(schema) && shapeless(schema))) return "anything";
  if (!isObject(schema) || "$ref" in schema || "allOf" in schema || "const" in schema)
    return "custom";
  const shape = shapeOf(schema);
  if (shape.nullable) return "custom";
  switch (shape.kind) {
    case "string":
      return textType(schema);
    case "choice":
      return Array.isArray(schema.enum) ? "choice" : "custom";
    case "array":
      return Array.isArray(schema.prefixItems) ? "custom" : "list";
    case "number":
    case "integer":
    case "boolean":
    case "object":
      return shape.kind;
    default:
      return "custom";
  }
}

/** `schema` as a field of another type: its words stay, what the old type alone meant goes. */
export function withFieldType(schema: JsonSchema, type: FieldType): JsonObject {
  const kept = Object.entries(isObject(schema) ? schema : {}).filter(
    ([keyword]) => !OF_TYPE.includes(keyword),
  );
  return { ...FIELD_TYPES[type].schema, ...Object.fromEntries(kept) };
}

/** `schema` with `keyword` set, or without it. */
export function withKeyword(schema: JsonSchema, keyword: string, value: unknown): JsonObject {
  const { [keyword]: _, ...rest } = isObject(schema) ? schema : {};
  if (value === undefined) return rest;
  return isObject(schema) && keyword in schema
    ? { ...schema, [keyword]: value }
    : { ...rest, [keyword]: value };
}

/** `schema` with one more text field, under a name that is free. */
export function addField(schema: JsonSchema): JsonObject {
  const object = asObject(schema);
  const names = new Set(propertiesOf(object).map(([name]) => name));
  let number = names.size + 1;
  while (names.has(`field_${number}`)) number += 1;
  return withProperties(object, [...propertiesOf(object), [`field_${number}`, { type: "string" }]]);
}

/** `schema` without the field `name`. */
export function removeField(schema: JsonSchema, name: string): JsonObject {
  const object = asObject(schema);
  const left = propertiesOf(object).filter(([one]) => one !== name);
  return requiring(withProperties(object, left), name, false);
}

/** `schema` with the field `name` under another name; unchanged if that name is taken or empty. */
export function renameField(schema: JsonSchema, name: string, next: string): JsonObject {
  const object = asObject(schema);
  const fields = propertiesOf(object);
  if (next === "" || next === name || fields.some(([one]) => one === next)) return object;
  const made = withProperties(
    object,
    fields.map(([one, inner]) => [one === name ? next : one, inner]),
  );
  if (!Array.isArray(object.required)) return made;
  return { ...made, required: object.required.map((one) => (one === name ? next : one)) };
}

/** `schema` with the field `name` one place up (-1) or down (+1). */
export function moveField(schema: JsonSchema, name: string, by: -1 | 1): JsonObject {
  const object = asObject(schema);
  const fields = propertiesOf(object);
  const from = fields.findIndex(([one]) => one === name);
  const [moved, other] = [fields[from], fields[from + by]];
  if (!moved || !other) return object;
  fields[from] = other;
  fields[from + by] = moved;
  return withProperties(object, fields);
}

/** `schema` with `inner` as the schema of its field `name`. */
export function setField(schema: JsonSchema, name: string, inner: JsonSchema): JsonObject {
  const object = asObject(schema);
  const fields = propertiesOf(object);
  return withProperties(
    object,
    fields.map(([one, before]) => [one, one === name ? inner : before]),
  );
}

/** `schema` with the field `name` required or not. */
export function requiring(schema: JsonSchema, name: string, required: boolean): JsonObject {
  const object = asObject(schema);
  const names = requiredOf(object);
  if (names.has(name) === required) return object;
  const next = required ? [...names, name] : [...names].filter((one) => one !== name);
  return withKeyword(object, "required", next.length > 0 ? next : undefined);
}

/** Whether the builder can show `schema` as a list of fields. */
export function isBuildable(schema: JsonSchema | undefined | null): boolean {
  if (schema === undefined || schema === null || schema === true) return true;
  if (!isObject(schema)) return false;
  return Object.keys(schema).length === 0 || fieldTypeOf(schema) === "object";
}

function asObject(schema: JsonSchema): JsonObject {
  const object = isObject(schema) ? schema : {};
  return "type" in object || "properties" in object ? object : { type: "object", ...object };
}

function withProperties(schema: JsonObject, fields: [string, JsonSchema][]): JsonObject {
  // Whatever stands under `properties` without being a schema is not the builder's to drop.
  const odd = Object.entries(isObject(schema.properties) ? schema.properties : {}).filter(
    ([, inner]) => !isObject(inner) && typeof inner !== "boolean",
  );
  return withKeyword(schema, "properties", Object.fromEntries([...fields, ...odd]));
}

function textType(schema: JsonObject): FieldType {
  if (isSecret(schema)) return "secret";
  const byFormat: Record<string, FieldType> = {
    email: "email",
    uri: "url",
    date: "date",
    "date-time": "moment",
  };
  const format = typeof schema.format === "string" ? byFormat[schema.format] : undefined;
  return format ?? ((numberAt(schema, "maxLength") ?? 0) > 100 ? "long" : "text");
}

function shapeless(schema: JsonObject): boolean {
  return (
    !OF_TYPE.some((keyword) => keyword in schema && keyword !== "default") &&
    !("$ref" in schema) &&
    !("allOf" in schema)
  );
}
