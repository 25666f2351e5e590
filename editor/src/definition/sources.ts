/**
 * Every place of a document that reads data, and changing them all.  Knows where sources stand by
 * node type, so that a literal value that looks like one is left alone.
 */

import { isObject } from "@/contracts/json";
import { addressesOf, type NodeKey } from "./addresses";
import {
  type CaseDoc,
  casesOf,
  type DefinitionDoc,
  type NodeDoc,
  type ScopeDoc,
  sourceKind,
} from "./document";
import { withField } from "./pointer";

/** What a field of a node holds: one source, fields with sources, either, or a condition. */
type Holds = "source" | "fields" | "result" | "condition";

const OWN: Record<string, Record<string, Holds>> = {
  map: { fields: "fields" },
  agent: { prompt: "source" },
  loop: { while: "condition", until: "condition" },
  foreach: { items: "source", concurrency: "source" },
  sleep: { seconds: "source" },
  sleep_until: { at: "source" },
  approval: { title: "source", context: "fields", deadline: "source" },
  bail: { result: "result" },
};

/** Changes one source; a condition that is a text comes as `{expression: text}`. */
export type ChangeSource = (source: unknown) => unknown;

/** Returns `node` with each source of its `input` changed; bodies are left alone. */
export function changeInput(node: NodeDoc, change: ChangeSource): NodeDoc {
  return changeField(node, "input", "fields", change);
}

/** Returns `node` with each source of its own fields and conditions changed, bodies left alone. */
export function changeOwn(node: NodeDoc, change: ChangeSource): NodeDoc {
  let made = node;
  for (const [field, holds] of Object.entries(OWN[node.type] ?? {})) {
    made = changeField(made, field, holds, change);
  }
  const cases = casesOf(made);
  const changed = mapShared(cases, (one: CaseDoc) => changeField(one, "when", "condition", change));
  return changed === cases ? made : { ...made, cases: changed };
}

/** Returns `scope` with its `output` changed, nodes left alone. */
export function changeOutput<T extends ScopeDoc>(scope: T, change: ChangeSource): T {
  return changeField(scope, "output", "result", change);
}

/** Returns `list` with each item changed; the same list where nothing changed. */
export function mapShared<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let same = true;
  const made = list.map((item) => {
    const changed = change(item);
    if (changed !== item) same = false;
    return changed;
  });
  return same ? list : made;
}

/** Returns `document` with each node changed by `change`, the innermost first, and each graph by
 * `changeScope`. */
export function changeEverywhere(
  document: DefinitionDoc,
  changeNode: (node: NodeDoc) => NodeDoc,
  changeScope: <T extends ScopeDoc>(scope: T) => T = (scope) => scope,
): DefinitionDoc {
  function scopeOf<T extends ScopeDoc>(scope: T): T {
    if (!Array.isArray(scope.nodes)) return changeScope(scope);
    const nodes = mapShared(scope.nodes, nodeOf);
    return changeScope(nodes === scope.nodes ? scope : { ...scope, nodes });
  }
  function nodeOf(node: NodeDoc): NodeDoc {
    let made = node;
    if (node.type !== "branch" && isObject(node.body)) {
      made = withField(made, "body", scopeOf(node.body as ScopeDoc));
    }
    const cases = casesOf(node);
    const changed = mapShared(cases, (one: CaseDoc) =>
      isObject(one.body) ? withField(one, "body", scopeOf(one.body)) : one,
    );
    if (changed !== cases) made = { ...made, cases: changed };
    return changeNode(made);
  }
  return scopeOf(document);
}

export interface Reading {
  /** Who reads; `null` for the workflow's own output. */
  key: NodeKey | null;
  source: unknown;
}

/** Returns every source of a document with the node that it stands in. */
export function readings(document: DefinitionDoc): Reading[] {
  const found: Reading[] = [];
  const collect = (key: NodeKey | null) => (source: unknown) => {
    found.push({ key, source });
    return source;
  };
  const { nodes, scopes } = addressesOf(document);
  for (const { key, node } of nodes.values()) {
    changeOwn(changeInput(node, collect(key)), collect(key));
  }
  for (const { scope, holder } of scopes.values()) changeOutput(scope, collect(holder));
  return found;
}

function changeField<T extends object>(
  owner: T,
  field: string,
  holds: Holds,
  change: ChangeSource,
): T {
  const value = (owner as Record<string, unknown>)[field];
  if (value === undefined || value === null) return owner;
  if (holds === "condition" && typeof value === "string") {
    const changed = change({ expression: value });
    const text = isObject(changed) ? changed.expression : undefined;
    return typeof text === "string" ? withField(owner, field, text) : owner;
  }
  const one = sourceKind(value) !== null;
  if (holds === "fields" || (holds === "result" && !one)) {
    if (!isObject(value)) return owner;
    let made = value;
    for (const [name, source] of Object.entries(value)) {
      if (isObject(source)) made = withField(made, name, change(source));
    }
    return withField(owner, field, made);
  }
  return one ? withField(owner, field, change(value)) : owner;
}
