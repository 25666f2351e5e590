/**
 * A piece of a graph as JSON: what copying puts on the clipboard and pasting reads, also from
 * another workflow.  Pasting gives every node a free id and lets what was copied along read it.
 */

import { isObject } from "@/contracts/json";
import { addressesOf, type NodeKey } from "./addresses";
import { outermost } from "./commands/deleting";
import {
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  type NodeDoc,
  type Position,
  positionsOf,
  type ScopeDoc,
} from "./document";
import { CommandError } from "./edit";
import { idsIn } from "./everyNode";
import { freeId } from "./ids";
import { readDocument } from "./readDocument";
import { renameInSource, stepsReadBy } from "./renaming";
import { changeEverywhere, changeInput, changeOutput, changeOwn } from "./sources";

export interface Fragment {
  nodes: readonly NodeDoc[];
  edges: readonly EdgeDoc[];
  positions: Readonly<Record<string, Position>>;
}

const MARK = "celeriac/fragment";

/** Returns the nodes at `keys`, with the edges among them; those of the first one's graph only. */
export function fragmentOf(document: DefinitionDoc, keys: readonly NodeKey[]): Fragment {
  const { nodes, scopes } = addressesOf(document);
  const chosen = outermost(document, keys).flatMap((key) => nodes.get(key) ?? []);
  const scope = chosen[0]?.scope ?? "";
  const own = chosen.filter((entry) => entry.scope === scope).map((entry) => entry.node);
  const ids = new Set(own.map((node) => node.id));
  const inside = new Set(idsIn({ nodes: own }));
  return {
    nodes: own,
    edges: edgesOf(scopes.get(scope)?.scope ?? {}).filter(([a, b]) => ids.has(a) && ids.has(b)),
    positions: Object.fromEntries(
      Object.entries(positionsOf(document)).filter(([id]) => inside.has(id)),
    ),
  };
}

/** Returns a fragment as the text that goes on the clipboard. */
export function fragmentToText(fragment: Fragment): string {
  return JSON.stringify({ format: MARK, ...fragment }, null, 2);
}

/** Returns the fragment in a text: a copied one, a whole workflow's, one node or a list of nodes. */
export function fragmentFromText(text: string): Fragment {
  const value = parsed(text);
  const raw = Array.isArray(value)
    ? { nodes: value }
    : isObject(value) && typeof value.id === "string" && typeof value.type === "string"
      ? { nodes: [value] }
      : value;
  if (!isObject(raw) || !Array.isArray(raw.nodes) || raw.nodes.length === 0) {
    throw new CommandError("paste.nothing", "There are no steps on the clipboard.");
  }
  const read = readDocument({ name: "", nodes: raw.nodes, edges: raw.edges ?? [] });
  if (!read.document) throw new CommandError("paste.unreadable", read.problem);
  const ui = isObject(raw.ui) ? raw.ui : {};
  const positions = isObject(raw.positions) ? raw.positions : ui.positions;
  return {
    nodes: read.document.nodes ?? [],
    edges: read.document.edges ?? [],
    positions: isObject(positions) ? onlyPositions(positions) : {},
  };
}

/** Returns `fragment` with ids that are free, and whatever in it reads them renamed along. */
export function withFreeIds(fragment: Fragment, taken: ReadonlySet<string>): Fragment {
  const all = new Set(taken);
  const renamed = new Map<string, string>();
  for (const id of idsIn({ nodes: fragment.nodes })) {
    const free = freeId(all, id);
    all.add(free);
    if (!renamed.has(id)) renamed.set(id, free);
  }
  const used = new Set<string>();
  const next = (id: string): string => {
    const wanted = renamed.get(id) ?? id;
    // The second node of one id gets an id of its own.
    const own = used.has(wanted) ? freeId(new Set([...all, ...used]), wanted) : wanted;
    used.add(own);
    return own;
  };
  const whole: DefinitionDoc = { name: "", nodes: fragment.nodes, edges: fragment.edges };
  const change = (source: unknown): unknown => {
    const read = [...stepsReadBy(source)].filter((id) => (renamed.get(id) ?? id) !== id);
    // One after the other could rename a name that was only just given: over marks, all at once.
    const marked = read.reduce(
      (made, id, index) => renameInSource(made, { path: ["steps", id], to: `\u0001${index}` }),
      source,
    );
    return read.reduce(
      (made, id, index) =>
        renameInSource(made, { path: ["steps", `\u0001${index}`], to: renamed.get(id) ?? id }),
      marked,
    );
  };
  const made = changeEverywhere(
    whole,
    (node) => ({ ...changeOwn(changeInput(node, change), change), id: next(node.id) }),
    (scope) => changeOutput(withRenamedEdges(scope, renamed), change),
  );
  const positions = Object.entries(fragment.positions).map(([id, at]) => [
    renamed.get(id) ?? id,
    at,
  ]);
  return {
    nodes: made.nodes ?? [],
    edges: made.edges ?? [],
    positions: Object.fromEntries(positions),
  };
}

function withRenamedEdges<T extends ScopeDoc>(scope: T, renamed: ReadonlyMap<string, string>): T {
  if (!Array.isArray(scope.edges)) return scope;
  const edges = edgesOf(scope).map(([a, b]): EdgeDoc => [renamed.get(a) ?? a, renamed.get(b) ?? b]);
  return { ...scope, edges };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError("paste.nothing", "There are no steps on the clipboard.");
  }
}

function onlyPositions(positions: Record<string, unknown>): Record<string, Position> {
  const entries = Object.entries(positions).filter(
    ([, at]) => isObject(at) && Number.isFinite(at.x) && Number.isFinite(at.y),
  );
  return Object.fromEntries(entries) as Record<string, Position>;
}
