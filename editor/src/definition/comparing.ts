/**
 * What changed from one document to another, step by step: steps are told apart by their id,
 * wherever they stand.  Pure; says what breaks callers, judges nothing else.
 */

import { isObject, sameJson } from "@/contracts/json";
import { addressesOf, type Entry, holdersOf, type NodeKey } from "./addresses";
import { type DefinitionDoc, edgesOf, type NodeDoc, titleOf } from "./document";

export interface FieldChange {
  /** Where in the step or the workflow, as in `input.url.from`. */
  field: string;
  /** `undefined` where there was, or is, nothing. */
  before: unknown;
  after: unknown;
}

export interface NodeChange {
  kind: "added" | "removed" | "changed";
  key: NodeKey;
  title: string;
  /** Of a changed step: it stands in another body now. */
  moved: boolean;
  fields: readonly FieldChange[];
}

export interface Comparison {
  nodes: readonly NodeChange[];
  /** Of the workflow itself, edges and drawing left aside. */
  workflow: readonly FieldChange[];
  /** Edges as "from → to", of all graphs. */
  edgesAdded: readonly string[];
  edgesRemoved: readonly string[];
  /** What those who start the workflow or read its output have to know, a sentence each. */
  breaking: readonly string[];
  /** Whether steps were moved on the canvas and nothing else. */
  onlyDrawing: boolean;
}

const APART = new Set(["nodes", "edges", "ui", "schema_version", "id"]);
const BODIES = new Set(["body", "cases", "id"]);

/** Returns what changed from `before` to `after`. */
export function compareDocuments(before: DefinitionDoc, after: DefinitionDoc): Comparison {
  const [old, now] = [addressesOf(before).nodes, addressesOf(after).nodes];
  const nodes: NodeChange[] = [];
  for (const { key, node } of old.values()) {
    if (!now.has(key)) nodes.push(whole("removed", key, node));
  }
  for (const entry of now.values()) {
    const one = old.get(entry.key);
    const change = one ? changed(one, entry, before, after) : whole("added", entry.key, entry.node);
    if (change) nodes.push(change);
  }
  const [edgesBefore, edgesAfter] = [edgesIn(before), edgesIn(after)];
  const workflow = fieldChanges(without(before, APART), without(after, APART));
  const edgesAdded = [...edgesAfter].filter((edge) => !edgesBefore.has(edge));
  const edgesRemoved = [...edgesBefore].filter((edge) => !edgesAfter.has(edge));
  const same = nodes.length + workflow.length + edgesAdded.length + edgesRemoved.length === 0;
  return {
    nodes,
    workflow,
    edgesAdded,
    edgesRemoved,
    breaking: breakingChanges(before, after),
    onlyDrawing: same && !sameJson(before.ui ?? {}, after.ui ?? {}),
  };
}

/** Returns whether two documents differ in nothing at all that is compared. */
export function isSame(comparison: Comparison): boolean {
  const { nodes, workflow, edgesAdded, edgesRemoved, onlyDrawing } = comparison;
  const count = nodes.length + workflow.length + edgesAdded.length + edgesRemoved.length;
  return count === 0 && !onlyDrawing;
}

function whole(kind: "added" | "removed", key: NodeKey, node: NodeDoc): NodeChange {
  return { kind, key, title: titleOf(node), moved: false, fields: [] };
}

function changed(
  old: Entry,
  now: Entry,
  before: DefinitionDoc,
  after: DefinitionDoc,
): NodeChange | null {
  const fields =
    old.node === now.node ? [] : fieldChanges(without(old.node, BODIES), without(now.node, BODIES));
  const cases = caseChanges(old.node, now.node);
  const moved =
    old.scope !== now.scope && !sameJson(holdersOf(before, old.key), holdersOf(after, now.key));
  if (fields.length + cases.length === 0 && !moved) return null;
  const all = [...fields, ...cases];
  return { kind: "changed", key: now.key, title: titleOf(now.node), moved, fields: all };
}

/** Cases and the outputs of bodies; the steps in bodies are compared for themselves. */
function caseChanges(old: NodeDoc, now: NodeDoc): FieldChange[] {
  return fieldChanges(shell(old), shell(now));
}

function shell(node: NodeDoc): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  if (isObject(node.body)) made.body = without(node.body, new Set(["nodes", "edges"]));
  if (!Array.isArray(node.cases)) return made;
  made.cases = Object.fromEntries(
    node.cases.filter(isObject).map((one) => {
      const body = isObject(one.body) ? without(one.body, new Set(["nodes", "edges"])) : {};
      return [String(one.id), { ...without(one, new Set(["id", "body"])), body }];
    }),
  );
  made.order = node.cases.map((one) => (isObject(one) ? one.id : null));
  return made;
}

/** Returns the innermost places at which two values differ; lists are compared as wholes. */
export function fieldChanges(before: unknown, after: unknown, at = ""): FieldChange[] {
  if (before === after) return [];
  if (isObject(before) && isObject(after) && (at === "" || shares(before, after))) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      fieldChanges(before[name], after[name], at === "" ? name : `${at}.${name}`),
    );
  }
  return sameJson(before, after) ? [] : [{ field: at, before, after }];
}

function shares(one: object, other: object): boolean {
  return Object.keys(one).some((name) => Object.hasOwn(other, name));
}

function edgesIn(document: DefinitionDoc): Set<string> {
  const { nodes, scopes } = addressesOf(document);
  const titled = (id: string) => {
    const entry = nodes.get(id);
    return entry ? titleOf(entry.node) : id;
  };
  const all = [...scopes.values()].flatMap(({ scope }) => edgesOf(scope));
  return new Set(all.map(([from, to]) => `${titled(from)} → ${titled(to)}`));
}

function without(value: object, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.has(name)));
}

/** A new required input, an input of another type, an input or an output that is gone. */
function breakingChanges(before: DefinitionDoc, after: DefinitionDoc): string[] {
  const found: string[] = [];
  const [old, now] = [schemaParts(before.inputs), schemaParts(after.inputs)];
  for (const name of now.required) {
    const given = isObject(now.fields[name]) && now.fields[name].default !== undefined;
    if (!old.required.has(name) && !given) found.push(`The input ${name} is required now.`);
  }
  for (const [name, schema] of Object.entries(old.fields)) {
    const other = now.fields[name];
    if (other === undefined) found.push(`The input ${name} is gone.`);
    else if (!sameJson(typeOf(schema), typeOf(other))) {
      found.push(`The input ${name} is of another type.`);
    }
  }
  const outputs = outputNames(after);
  if (outputs !== null) {
    for (const name of outputNames(before) ?? []) {
      if (!outputs.includes(name)) found.push(`The output ${name} is gone.`);
    }
  }
  return found;
}

function schemaParts(schema: unknown) {
  const own = isObject(schema) ? schema : {};
  return {
    fields: isObject(own.properties) ? own.properties : {},
    required: new Set(Array.isArray(own.required) ? own.required.map(String) : []),
  };
}

function typeOf(schema: unknown): unknown {
  return isObject(schema) ? (schema.type ?? null) : null;
}

function outputNames(document: DefinitionDoc): string[] | null {
  const { output } = document;
  if (!isObject(output)) return null;
  const fields = Object.entries(output);
  return fields.every(([, source]) => isObject(source)) ? fields.map(([name]) => name) : null;
}
