/**
 * Judges a value by a JSON Schema while it is being entered, in words that fit under a field.
 * The server stays the judge: keywords that are not known here pass, and so do risky patterns.
 */

import { isObject, type JsonObject, type JsonSchema, sameJson } from "@/contracts/json";
import { formatProblem } from "./formats";
import { pointerTo } from "./pointers";
import { resolved } from "./shapes";
import { isSchema, numberAt, propertiesOf, requiredOf, textAt, type ValueProblem } from "./types";

export type { ValueProblem } from "./types";

const MAX_DEPTH = 64;
const MAX_PROBLEMS = 100;
const TYPE_WORDS: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "yes or no",
  object: "an object",
  array: "a list",
  null: "nothing",
};

/** Every way in which `value` does not fit, at most 100; an absent value is only wrong where required. */
export function validate(schema: JsonSchema | undefined | null, value: unknown): ValueProblem[] {
  if (schema === undefined || schema === null || value === undefined) return [];
  return problemsAt(schema, value, "", { root: schema, depth: 0 }).slice(0, MAX_PROBLEMS);
}

interface Place {
  readonly root: JsonSchema;
  readonly depth: number;
}

function problemsAt(
  schema: JsonSchema,
  value: unknown,
  pointer: string,
  place: Place,
): ValueProblem[] {
  if (schema === false) return [{ pointer, message: "Nothing may stand here" }];
  if (schema === true || place.depth > MAX_DEPTH) return [];
  const made = resolved(schema, place.root);
  if (made === undefined) return [];
  const inner = { root: place.root, depth: place.depth + 1 };
  const say = (message: string): ValueProblem[] => [{ pointer, message }];
  if (!fitsType(made, value)) return say(`Must be ${typeWord(made)}`);
  if ("const" in made && !sameJson(made.const, value))
    return say(`Must be ${JSON.stringify(made.const)}`);
  if (Array.isArray(made.enum) && !made.enum.some((one) => sameJson(one, value)))
    return say(value === "" ? "Choose one" : `Must be one of ${listed(made.enum)}`);
  const found: ValueProblem[] = [...alternatives(made, value, pointer, inner)];
  if (typeof value === "string") found.push(...textProblems(made, value).flatMap(say));
  if (typeof value === "number") found.push(...numberProblems(made, value).flatMap(say));
  if (Array.isArray(value)) found.push(...listProblems(made, value, pointer, inner));
  if (isObject(value)) found.push(...objectProblems(made, value, pointer, inner));
  return found;
}

function alternatives(
  schema: JsonObject,
  value: unknown,
  pointer: string,
  place: Place,
): ValueProblem[] {
  const options = (Array.isArray(schema.oneOf) ? schema.oneOf : []).concat(
    Array.isArray(schema.anyOf) ? schema.anyOf : [],
  );
  const schemas = options.filter(isSchema);
  if (schemas.length === 0) return [];
  const tried = schemas.map((option) => problemsAt(option, value, pointer, place));
  if (tried.some((problems) => problems.length === 0)) return [];
  // The alternative of the right type is the one that was meant: its problems help.
  const meant = schemas.findIndex((option) => {
    const made = resolved(option, place.root);
    return made !== undefined && fitsType(made, value) && !("const" in made);
  });
  const said = tried[meant];
  return said && said.length > 0 ? said : [{ pointer, message: "Fits none of the alternatives" }];
}

function textProblems(schema: JsonObject, value: string): string[] {
  const found: string[] = [];
  const length = [...value].length;
  const [least, most] = [numberAt(schema, "minLength"), numberAt(schema, "maxLength")];
  if (least !== undefined && length < least)
    found.push(
      length === 0 ? "This is required" : `Must have at least ${count(least, "character")}`,
    );
  if (most !== undefined && length > most)
    found.push(`Must have at most ${count(most, "character")}, has ${length}`);
  const pattern = textAt(schema, "pattern");
  if (pattern !== undefined && !fitsPattern(pattern, value))
    found.push(`Must match the pattern ${pattern}`);
  const format = textAt(schema, "format");
  const problem = format === undefined ? null : formatProblem(format, value);
  if (problem !== null) found.push(problem);
  return found;
}

function numberProblems(schema: JsonObject, value: number): string[] {
  const found: string[] = [];
  if (!Number.isFinite(value)) return ["Must be a number"];
  const [least, most] = [numberAt(schema, "minimum"), numberAt(schema, "maximum")];
  const [above, below] = [
    numberAt(schema, "exclusiveMinimum"),
    numberAt(schema, "exclusiveMaximum"),
  ];
  if (least !== undefined && value < least) found.push(`Must be at least ${least}`);
  if (most !== undefined && value > most) found.push(`Must be at most ${most}`);
  if (above !== undefined && value <= above) found.push(`Must be more than ${above}`);
  if (below !== undefined && value >= below) found.push(`Must be less than ${below}`);
  const step = numberAt(schema, "multipleOf");
  if (step !== undefined && step > 0) {
    const times = value / step;
    if (Math.abs(times - Math.round(times)) > 1e-9) found.push(`Must be a multiple of ${step}`);
  }
  return found;
}

function listProblems(
  schema: JsonObject,
  value: readonly unknown[],
  pointer: string,
  place: Place,
): ValueProblem[] {
  const found: ValueProblem[] = [];
  const [least, most] = [numberAt(schema, "minItems"), numberAt(schema, "maxItems")];
  if (least !== undefined && value.length < least)
    found.push({ pointer, message: `Must have at least ${count(least, "item")}` });
  if (most !== undefined && value.length > most)
    found.push({ pointer, message: `Must have at most ${count(most, "item")}` });
  if (schema.uniqueItems === true) {
    const twice = value.findIndex((item, i) =>
      value.slice(0, i).some((one) => sameJson(one, item)),
    );
    if (twice > 0)
      found.push({ pointer: pointerTo(pointer, twice), message: "This stands here already" });
  }
  const before = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  value.forEach((item, i) => {
    const inner: unknown = i < before.length ? before[i] : schema.items;
    if (isSchema(inner)) found.push(...problemsAt(inner, item, pointerTo(pointer, i), place));
  });
  return found;
}

function objectProblems(
  schema: JsonObject,
  value: JsonObject,
  pointer: string,
  place: Place,
): ValueProblem[] {
  const found: ValueProblem[] = [];
  const known = new Map(propertiesOf(schema));
  for (const name of requiredOf(schema))
    if (value[name] === undefined)
      found.push({ pointer: pointerTo(pointer, name), message: "This is required" });
  for (const [name, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const below = pointerTo(pointer, name);
    const inner = known.get(name);
    if (inner !== undefined) found.push(...problemsAt(inner, one, below, place));
    else if (isObject(schema.patternProperties)) continue;
    else if (schema.additionalProperties === false)
      found.push({ pointer: below, message: "This is not a known field" });
    else if (isObject(schema.additionalProperties))
      found.push(...problemsAt(schema.additionalProperties, one, below, place));
  }
  const size = Object.values(value).filter((one) => one !== undefined).length;
  const [least, most] = [numberAt(schema, "minProperties"), numberAt(schema, "maxProperties")];
  if (least !== undefined && size < least)
    found.push({ pointer, message: `Must have at least ${count(least, "field")}` });
  if (most !== undefined && size > most)
    found.push({ pointer, message: `Must have at most ${count(most, "field")}` });
  return found;
}

function fitsType(schema: JsonObject, value: unknown): boolean {
  const names = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(
    (name) => typeof name === "string",
  );
  return names.length === 0 || names.some((name) => isOfType(name, value));
}

function isOfType(name: string, value: unknown): boolean {
  switch (name) {
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "null":
      return value === null;
    default:
      return typeof value === name;
  }
}

function typeWord(schema: JsonObject): string {
  const names = Array.isArray(schema.type) ? schema.type : [schema.type];
  return names.map((name) => TYPE_WORDS[String(name)] ?? String(name)).join(" or ");
}

function fitsPattern(pattern: string, value: string): boolean {
  // A repeated group that repeats inside can take this browser for ever; the server's engine is
  // linear and judges such a pattern alone.
  if (/[+*}][^()]*\)[+*{]/.test(pattern)) return true;
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function listed(values: readonly unknown[]): string {
  const shown = values.slice(0, 6).map((value) => JSON.stringify(value));
  return values.length > 6 ? `${shown.join(", ")}, …` : shown.join(", ");
}
