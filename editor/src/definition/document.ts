/**
 * The document an editor saves, as TypeScript sees it: read leniently, so that a draft with errors
 * can be drawn and mended.  Judges nothing; what is not known here survives untouched.
 */
import { NODE_TYPES, type NodeType } from "@/contracts/generated/definition";
import type { Json } from "@/contracts/generated/events";
import { isObject } from "@/contracts/json";

/** Where one value comes from: exactly one of these. */
export interface Source {
  value?: Json;
  from?: string;
  expression?: string;
  template?: string;
  code?: string;
}

export type EdgeDoc = [string, string];

export interface NodeDoc {
  id: string;
  type: string;
  name?: string | null;
  [field: string]: unknown;
}

export interface ScopeDoc {
  nodes?: readonly NodeDoc[];
  edges?: readonly EdgeDoc[];
  output?: unknown;
  [field: string]: unknown;
}

export interface CaseDoc {
  id: string;
  when: string | Source;
  body?: ScopeDoc;
  [field: string]: unknown;
}

export interface Position {
  x: number;
  y: number;
}

export interface DefinitionDoc extends ScopeDoc {
  name: string;
  description?: string;
  ui?: { positions?: Record<string, Position>; [field: string]: unknown };
}

export const SOURCE_KINDS = ["value", "from", "expression", "template", "code"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Returns the kind of `value` if it is a source, which has exactly one of the five fields. */
export function sourceKind(value: unknown): SourceKind | null {
  if (!isObject(value)) return null;
  const keys = Object.keys(value);
  const kind = keys.length === 1 ? SOURCE_KINDS.find((one) => one === keys[0]) : undefined;
  return kind ?? null;
}

/** Returns the nodes of a scope, none if it has none. */
export function nodesOf(scope: ScopeDoc): readonly NodeDoc[] {
  return Array.isArray(scope.nodes) ? scope.nodes : NOTHING;
}

/** Returns the edges of a scope, none if it has none. */
export function edgesOf(scope: ScopeDoc): readonly EdgeDoc[] {
  return Array.isArray(scope.edges) ? scope.edges : NOTHING;
}

/** Returns the cases of a branch, none for other nodes. */
export function casesOf(node: NodeDoc): readonly CaseDoc[] {
  return node.type === "branch" && Array.isArray(node.cases) ? (node.cases as CaseDoc[]) : NOTHING;
}

/** Returns in words when a case is taken; nothing for what is left to the last of several. */
export function caseCondition(node: NodeDoc, index: number): string {
  const cases = casesOf(node);
  const when = cases[index]?.when;
  if (when === undefined) return "";
  if (typeof when !== "string") return when.expression ?? when.code ?? "";
  if (when.trim() !== "true") return when;
  return node.mode === "first" && index > 0 && index === cases.length - 1 ? "" : "always";
}

/** Returns whether the language has nodes of this type. */
export function isNodeType(type: string): type is NodeType {
  return (NODE_TYPES as readonly string[]).includes(type);
}

const BODY_TYPES = new Set(["loop", "foreach", "wait_for_event"]);

/** Returns whether nodes of this type can hold one body of their own. */
export function takesBody(type: string): boolean {
  return BODY_TYPES.has(type);
}

/** Returns the one body of a loop, foreach or wait; `undefined` where there is none. */
export function bodyOf(node: NodeDoc): ScopeDoc | undefined {
  return takesBody(node.type) && isObject(node.body) ? (node.body as ScopeDoc) : undefined;
}

/** Returns whether `node` is drawn with room for others inside. */
export function isContainer(node: NodeDoc): boolean {
  return (
    node.type === "branch" || node.type === "loop" || node.type === "foreach" || !!bodyOf(node)
  );
}

/** Returns what people see: the name, or the id. */
export function titleOf(node: NodeDoc): string {
  return typeof node.name === "string" && node.name.trim() !== "" ? node.name : node.id;
}

/** Returns where nodes stand, by id; of a body's nodes relative to the body. */
export function positionsOf(document: DefinitionDoc): Record<string, Position> {
  const positions = isObject(document.ui) ? document.ui.positions : undefined;
  return isObject(positions) ? (positions as Record<string, Position>) : NOWHERE;
}

const NOTHING: readonly never[] = [];
const NOWHERE: Record<string, Position> = {};
