/**
 * What control a schema asks for: references followed, `allOf` merged, "or null" taken apart.
 * Refuses to guess: whatever it does not know is "json", edited as text.
 */

import { isObject, type JsonObject, type JsonSchema } from "@/contracts/json";
import { isSchema, propertiesOf, requiredOf, textAt } from "./types";

const MAX_REFERENCES = 20;
const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"] as const;
type TypeName = (typeof TYPES)[number];

export interface Choice {
  readonly value: unknown;
  readonly label: string;
}

interface Common {
  /** The schema with references and `allOf` merged into it. */
  readonly schema: JsonObject;
  readonly nullable: boolean;
}

export type Shape =
  | (Common & { readonly kind: "string" | "number" | "integer" | "boolean" | "object" | "array" })
  | (Common & { readonly kind: "null" | "json" })
  | (Common & { readonly kind: "choice"; readonly choices: readonly Choice[] })
  | (Common & { readonly kind: "const"; readonly value: unknown })
  | (Common & { readonly kind: "union"; readonly options: readonly UnionOption[] });

export interface UnionOption {
  readonly schema: JsonSchema;
  readonly label: string;
}

/** The control that `schema` asks for; `root` is where its `#/…` references point into. */
export function shapeOf(
  schema: JsonSchema | undefined | null,
  root: JsonSchema = schema ?? true,
): Shape {
  const merged = resolved(schema ?? true, root);
  if (merged === undefined) return { kind: "json", schema: {}, nullable: true };
  const options = alternativesOf(merged);
  if (options) return ofAlternatives(merged, options, root);
  if ("const" in merged)
    return { kind: "const", schema: merged, nullable: false, value: merged.const };
  if (Array.isArray(merged.enum)) {
    const choices = merged.enum
      .filter((value: unknown) => value !== null)
      .map((value: unknown) => choiceOf(value));
    return {
      kind: "choice",
      schema: merged,
      nullable: choices.length < merged.enum.length,
      choices,
    };
  }
  return ofType(merged, root);
}

/** `schema` with its local references and `allOf` merged; undefined where it says nothing usable. */
export function resolved(schema: JsonSchema, root: JsonSchema, depth = 0): JsonObject | undefined {
  if (typeof schema === "boolean") return schema ? {} : undefined;
  if (depth > MAX_REFERENCES) return undefined;
  let made: JsonObject = schema;
  if (typeof schema.$ref === "string") {
    const target = targetOf(root, schema.$ref);
    const below = target === undefined ? undefined : resolved(target, root, depth + 1);
    if (below === undefined) return undefined;
    const { $ref: _, ...rest } = schema;
    made = merged(below, rest);
  }
  if (Array.isArray(made.allOf)) {
    const { allOf, ...rest } = made;
    let whole: JsonObject = {};
    for (const part of Array.isArray(allOf) ? allOf : []) {
      const below = isSchema(part) ? resolved(part, root, depth + 1) : undefined;
      if (below === undefined) return undefined;
      whole = merged(whole, below);
    }
    made = merged(whole, rest);
  }
  return made;
}

/** The name people see: the title, else the property's name. */
export function labelOf(schema: JsonSchema | undefined, name: string): string {
  return (isObject(schema) && textAt(schema, "title")) || name;
}

/** Whether values of this schema are not shown: passwords and what callers mark so. */
export function isSecret(schema: JsonSchema | undefined): boolean {
  if (!isObject(schema)) return false;
  return schema["x-secret"] === true || schema.writeOnly === true || schema.format === "password";
}

/** One or two words for the type, for trees and pickers. */
export function typeWords(
  schema: JsonSchema | undefined | null,
  root: JsonSchema = schema ?? true,
): string {
  const shape = shapeOf(schema, root);
  const word = wordOf(shape, root);
  return shape.nullable && shape.kind !== "json" ? `${word} or nothing` : word;
}

function wordOf(shape: Shape, root: JsonSchema): string {
  switch (shape.kind) {
    case "string":
      return (
        { email: "e-mail", uri: "URL", date: "date", "date-time": "date and time" }[
          textAt(shape.schema, "format") ?? ""
        ] ?? (isSecret(shape.schema) ? "secret" : "text")
      );
    case "integer":
      return "whole number";
    case "boolean":
      return "yes or no";
    case "array": {
      const items = shape.schema.items;
      return isSchema(items) && items !== true ? `list of ${typeWords(items, root)}` : "list";
    }
    case "choice":
      return "choice";
    case "const":
      return "fixed value";
    case "union":
      return shape.options.map((option) => option.label).join(" or ");
    case "null":
      return "nothing";
    case "json":
      return "anything";
    default:
      return shape.kind;
  }
}

function ofType(schema: JsonObject, root: JsonSchema): Shape {
  const names = typeNames(schema);
  const real = names.filter((name) => name !== "null");
  const nullable = names.includes("null");
  const [only] = real;
  if (real.length > 1) {
    const { type: _, ...rest } = schema;
    const options = real.map((type) => unionOption({ ...rest, type }, root, type));
    return { kind: "union", schema, nullable, options };
  }
  if (only) return { kind: only, schema, nullable };
  return { kind: nullable ? "null" : "json", schema, nullable: true };
}

function ofAlternatives(schema: JsonObject, options: readonly unknown[], root: JsonSchema): Shape {
  const { anyOf: _, oneOf: __, ...rest } = schema;
  const real: JsonSchema[] = [];
  let nullable = false;
  for (const option of options) {
    if (!isSchema(option)) return { kind: "json", schema, nullable: true };
    const inner = resolved(option, root);
    if (inner && (inner.type === "null" || ("const" in inner && inner.const === null)))
      nullable = true;
    else real.push(option);
  }
  const [only] = real;
  if (only !== undefined && real.length === 1) {
    const inner = shapeOf(only, root);
    const shown = merged(inner.schema, withoutType(rest));
    return { ...inner, schema: shown, nullable: nullable || inner.nullable };
  }
  const constants = real.map((option) => resolved(option, root));
  if (constants.length > 0 && constants.every((one) => one !== undefined && "const" in one)) {
    const choices = constants.map((one) => choiceOf(one?.const, textAt(one ?? {}, "title")));
    return { kind: "choice", schema, nullable, choices };
  }
  const branches = real.map((option) => {
    const inner =
      isObject(option) && isObject(rest.properties) ? { allOf: [rest, option] } : option;
    return unionOption(inner, root, textAt(isObject(option) ? option : {}, "title"));
  });
  return { kind: "union", schema, nullable, options: branches };
}

function unionOption(schema: JsonSchema, root: JsonSchema, title?: string): UnionOption {
  const named = resolved(schema, root);
  return { schema, label: textAt(named ?? {}, "title") ?? title ?? typeWords(schema, root) };
}

function withoutType(schema: JsonObject): JsonObject {
  const { type: _, ...rest } = schema;
  return rest;
}

function alternativesOf(schema: JsonObject): readonly unknown[] | undefined {
  if (Array.isArray(schema.oneOf) && schema.oneOf.length > 0) return schema.oneOf;
  return Array.isArray(schema.anyOf) && schema.anyOf.length > 0 ? schema.anyOf : undefined;
}

function typeNames(schema: JsonObject): TypeName[] {
  const said = Array.isArray(schema.type) ? schema.type : [schema.type];
  const names = TYPES.filter((name) => said.includes(name));
  if (names.length > 0)
    return names.includes("number") ? names.filter((n) => n !== "integer") : names;
  if (isObject(schema.properties)) return ["object"];
  return isObject(schema.items) ? ["array"] : [];
}

function targetOf(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!reference.startsWith("#")) return undefined;
  let found: unknown = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const key = decoded(part).replaceAll("~1", "/").replaceAll("~0", "~");
    found = Array.isArray(found) ? found[Number(key)] : isObject(found) ? found[key] : undefined;
  }
  return isSchema(found) ? found : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function merged(below: JsonObject, above: JsonObject): JsonObject {
  const made: JsonObject = { ...below, ...above };
  if (isObject(below.properties) && isObject(above.properties))
    made.properties = Object.fromEntries([...propertiesOf(below), ...propertiesOf(above)]);
  if (Array.isArray(below.required) && Array.isArray(above.required))
    made.required = [...new Set([...requiredOf(below), ...requiredOf(above)])];
  return made;
}

function choiceOf(value: unknown, label?: string): Choice {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { value, label: typeof label === "string" ? label : text };
}
