/**
 * Whether JSON from elsewhere can be drawn at all.  Refuses only what has no graph to draw; every
 * other mistake is the server's to name.
 */

import { isObject } from "@/contracts/json";
import type { DefinitionDoc } from "./document";

export type ReadDocument =
  | { document: DefinitionDoc; problem?: undefined }
  | { document?: undefined; problem: string };

/** The most bodies in each other that the server reads, and a little more. */
const DEEPEST = 40;

/** Returns `value` as a document, or says in a sentence why it cannot be drawn. */
export function readDocument(value: unknown): ReadDocument {
  if (!isObject(value)) return { problem: "A workflow is a JSON object." };
  if (typeof value.name !== "string") return { problem: 'The field "name" must be a text.' };
  if (value.ui !== undefined && !isObject(value.ui)) {
    return { problem: 'The field "ui" must be an object.' };
  }
  const problem = scopeProblem(value, "", 0);
  return problem === null ? { document: value as DefinitionDoc } : { problem };
}

function scopeProblem(scope: Record<string, unknown>, at: string, depth: number): string | null {
  if (depth > DEEPEST) return `Bodies stand too deeply in each other at ${at}.`;
  const nodes = scope.nodes ?? [];
  const edges = scope.edges ?? [];
  if (!Array.isArray(nodes)) return `${at}/nodes must be a list.`;
  if (!Array.isArray(edges)) return `${at}/edges must be a list.`;
  for (const [index, edge] of edges.entries()) {
    if (!Array.isArray(edge) || edge.length !== 2 || edge.some((end) => typeof end !== "string")) {
      return `${at}/edges/${index} must be a pair of node ids.`;
    }
  }
  for (const [index, node] of nodes.entries()) {
    const problem = nodeProblem(node, `${at}/nodes/${index}`, depth);
    if (problem !== null) return problem;
  }
  return null;
}

function nodeProblem(node: unknown, at: string, depth: number): string | null {
  if (!isObject(node)) return `${at} must be an object.`;
  if (typeof node.id !== "string" || node.id === "") return `${at}/id must be a text.`;
  if (typeof node.type !== "string") return `${at}/type must be a text.`;
  if (isObject(node.body)) return scopeProblem(node.body, `${at}/body`, depth + 1);
  if (node.type !== "branch" || node.cases === undefined) return null;
  if (!Array.isArray(node.cases)) return `${at}/cases must be a list.`;
  for (const [index, one] of node.cases.entries()) {
    const place = `${at}/cases/${index}`;
    if (!isObject(one) || typeof one.id !== "string")
      return `${place} must be an object with an id.`;
    if (one.body === undefined) continue;
    if (!isObject(one.body)) return `${place}/body must be an object.`;
    const problem = scopeProblem(one.body, `${place}/body`, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}
