/**
 * Where each node and each graph of a document stands.  A node is addressed by its id, since ids
 * are unique in a document; a second node of the same id, which is an error, by "id~2".  A graph is
 * addressed as the server does: "" for the workflow's own, "months" for that container's body,
 * "route/billing" for a case of that branch.
 */
import {
  bodyOf,
  casesOf,
  type DefinitionDoc,
  type EdgeDoc,
  edgesOf,
  isContainer,
  type NodeDoc,
  nodesOf,
  type ScopeDoc,
} from "./document";
import { type Place, pointer } from "./pointer";

export type NodeKey = string;
export type ScopeKey = string;

export interface Entry {
  readonly key: NodeKey;
  readonly node: NodeDoc;
  readonly scope: ScopeKey;
  readonly place: Place;
  /** Its number in the document, a container before what it holds. */
  readonly position: number;
}

export interface ScopeEntry {
  readonly key: ScopeKey;
  readonly scope: ScopeDoc;
  readonly place: Place;
  /** The container; `null` for the workflow's own graph. */
  readonly holder: NodeKey | null;
  /** Which case of a branch it is; `null` for other bodies. */
  readonly caseIndex: number | null;
  readonly nodes: readonly NodeKey[];
  /** Bodies around it; the workflow's own has none. */
  readonly depth: number;
}

export interface Addresses {
  readonly nodes: ReadonlyMap<NodeKey, Entry>;
  readonly scopes: ReadonlyMap<ScopeKey, ScopeEntry>;
  /** JSON Pointer of a node -> its address. */
  readonly pointers: ReadonlyMap<string, NodeKey>;
}

const known = new WeakMap<DefinitionDoc, Addresses>();

/** Returns the addresses of `document`, worked out once for each document. */
export function addressesOf(document: DefinitionDoc): Addresses {
  const found = known.get(document);
  if (found) return found;
  const nodes = new Map<NodeKey, Entry>();
  const scopes = new Map<ScopeKey, ScopeEntry>();
  enter(document, { key: "", place: [], holder: null, caseIndex: null, depth: 0 }, nodes, scopes);
  const pointers = new Map([...nodes.values()].map(({ place, key }) => [pointer(...place), key]));
  const addresses = { nodes, scopes, pointers };
  known.set(document, addresses);
  return addresses;
}

/** Returns the node of that address. */
export function nodeAt(document: DefinitionDoc, key: NodeKey): NodeDoc | undefined {
  return addressesOf(document).nodes.get(key)?.node;
}

/** Returns the parts of the JSON Pointer of a node. */
export function placeOf(document: DefinitionDoc, key: NodeKey): Place | undefined {
  return addressesOf(document).nodes.get(key)?.place;
}

/** Returns the addresses of the graphs that stand directly in a node, in order. */
export function scopesIn(document: DefinitionDoc, key: NodeKey): readonly ScopeEntry[] {
  const { scopes } = addressesOf(document);
  const node = nodeAt(document, key);
  if (!node || !isContainer(node)) return [];
  if (node.type !== "branch") {
    const own = scopes.get(key);
    return own ? [own] : [];
  }
  const found: ScopeEntry[] = [];
  const seen = new Map<string, number>();
  for (const one of casesOf(node)) {
    const scope = scopes.get(`${key}/${numbered(one.id, seen)}`);
    if (scope) found.push(scope);
  }
  return found;
}

/** Returns the containers around a node, the nearest first. */
export function holdersOf(document: DefinitionDoc, key: NodeKey): NodeKey[] {
  const { nodes, scopes } = addressesOf(document);
  const found: NodeKey[] = [];
  let holder = scopes.get(nodes.get(key)?.scope ?? "")?.holder ?? null;
  while (holder !== null) {
    found.push(holder);
    holder = scopes.get(nodes.get(holder)?.scope ?? "")?.holder ?? null;
  }
  return found;
}

/** Returns the node whose part a JSON Pointer points at, the innermost; `null` outside of nodes. */
export function nodeAtPointer(document: DefinitionDoc, text: string): NodeKey | null {
  const { pointers } = addressesOf(document);
  for (let end = text.length; end > 0; end = text.lastIndexOf("/", end - 1)) {
    const key = pointers.get(text.slice(0, end));
    if (key !== undefined) return key;
  }
  return null;
}

/** Returns the nodes that `key` needs and those that need it, in their own graph. */
export function neighbours(
  document: DefinitionDoc,
  key: NodeKey,
): { before: readonly string[]; after: readonly string[] } {
  const { nodes, scopes } = addressesOf(document);
  const entry = nodes.get(key);
  const scope = entry && scopes.get(entry.scope)?.scope;
  if (!entry || !scope) return { before: [], after: [] };
  const id = entry.node.id;
  const edges: readonly EdgeDoc[] = edgesOf(scope);
  return {
    before: edges.filter(([, to]) => to === id).map(([from]) => from),
    after: edges.filter(([from]) => from === id).map(([, to]) => to),
  };
}

type Here = Pick<ScopeEntry, "key" | "place" | "holder" | "caseIndex" | "depth">;

function enter(
  scope: ScopeDoc,
  here: Here,
  nodes: Map<NodeKey, Entry>,
  scopes: Map<ScopeKey, ScopeEntry>,
): void {
  const keys: NodeKey[] = [];
  scopes.set(here.key, { ...here, scope, nodes: keys });
  for (const [index, node] of nodesOf(scope).entries()) {
    let key = node.id;
    for (let number = 2; nodes.has(key); number += 1) key = `${node.id}~${number}`;
    const place = [...here.place, "nodes", index];
    keys.push(key);
    nodes.set(key, { key, node, scope: here.key, place, position: nodes.size });
    const depth = here.depth + 1;
    const seen = new Map<string, number>();
    for (const [at, one] of casesOf(node).entries()) {
      const inner = { key: `${key}/${numbered(one.id, seen)}`, holder: key, caseIndex: at, depth };
      enter(
        one.body ?? NO_BODY,
        { ...inner, place: [...place, "cases", at, "body"] },
        nodes,
        scopes,
      );
    }
    if (node.type !== "branch" && isContainer(node)) {
      const inner = { key, holder: key, caseIndex: null, depth, place: [...place, "body"] };
      enter(bodyOf(node) ?? NO_BODY, inner, nodes, scopes);
    }
  }
}

function numbered(id: string, seen: Map<string, number>): string {
  const count = (seen.get(id) ?? 0) + 1;
  seen.set(id, count);
  return count === 1 ? id : `${id}~${count}`;
}

const NO_BODY: ScopeDoc = {};
