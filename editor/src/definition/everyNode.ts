/** All nodes of a graph, however deep they stand.  Tolerates documents with errors; changes nothing. */
import { isObject } from "@/contracts/json";
import { type NodeDoc, nodesOf, type ScopeDoc } from "./document";

/** Yields the nodes of a graph and of the bodies in it. */
export function* everyNode(scope: ScopeDoc): Generator<NodeDoc> {
  const waiting: ScopeDoc[] = [scope];
  for (let here = waiting.pop(); here; here = waiting.pop()) {
    for (const node of nodesOf(here)) {
      yield node;
      if (isObject(node.body)) waiting.push(node.body);
      if (Array.isArray(node.cases)) {
        for (const one of node.cases) if (isObject(one?.body)) waiting.push(one.body);
      }
    }
  }
}

/** Returns the ids of all nodes of a graph and of the bodies in it. */
export function idsIn(scope: ScopeDoc): string[] {
  return Array.from(everyNode(scope), (node) => node.id);
}

/** Returns the node `id` of a graph or of a body in it. */
export function nodeIn(scope: ScopeDoc, id: string): NodeDoc | null {
  for (const node of everyNode(scope)) if (node.id === id) return node;
  return null;
}
