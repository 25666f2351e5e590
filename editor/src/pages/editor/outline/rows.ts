/** The lines of the outline: each step in the order it comes, under it the bodies it has.  Pure. */
import {
  addressesOf,
  type NodeKey,
  nodeAt,
  type ScopeEntry,
  scopesIn,
} from "@/definition/addresses";
import { caseCondition, casesOf, type DefinitionDoc, edgesOf } from "@/definition/document";

export interface OutlineRow {
  kind: "node" | "body";
  /** Of a node its key, of a body that of its graph. */
  key: string;
  /** 1 for the workflow's own steps. */
  level: number;
  title: string;
  detail: string;
  isEmpty: boolean;
}

/** Returns the lines of `document`. */
export function outlineRows(document: DefinitionDoc): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const root = addressesOf(document).scopes.get("");
  if (root) addScope(document, root, 1, rows);
  return rows;
}

function addScope(
  document: DefinitionDoc,
  scope: ScopeEntry,
  level: number,
  rows: OutlineRow[],
): void {
  for (const key of inOrder(scope)) {
    rows.push({ kind: "node", key, level, title: key, detail: "", isEmpty: false });
    const node = nodeAt(document, key);
    for (const body of scopesIn(document, key)) {
      const one = node && body.caseIndex !== null ? casesOf(node)[body.caseIndex] : undefined;
      const isEmpty = body.nodes.length === 0;
      if (one || isEmpty) {
        rows.push({
          kind: "body",
          key: body.key,
          level: level + 1,
          title: one?.id ?? "empty",
          detail: node && one ? caseCondition(node, body.caseIndex ?? 0) : "",
          isEmpty,
        });
      }
      addScope(document, body, level + (one ? 2 : 1), rows);
    }
  }
}

/** Returns the nodes of a graph so that each comes after what it needs; what stands in a circle
 * comes last, as it stands. */
export function inOrder(scope: ScopeEntry): NodeKey[] {
  const keys = new Set(scope.nodes);
  const missing = new Map(scope.nodes.map((key) => [key, 0]));
  const after = new Map<NodeKey, NodeKey[]>();
  for (const [from, to] of edgesOf(scope.scope)) {
    if (!keys.has(from) || !keys.has(to) || from === to) continue;
    missing.set(to, (missing.get(to) ?? 0) + 1);
    const list = after.get(from);
    if (list) list.push(to);
    else after.set(from, [to]);
  }
  const found: NodeKey[] = [];
  const ready = scope.nodes.filter((key) => missing.get(key) === 0);
  for (let key = ready.shift(); key !== undefined; key = ready.shift()) {
    found.push(key);
    const next = (after.get(key) ?? []).filter((one) => {
      const left = (missing.get(one) ?? 0) - 1;
      missing.set(one, left);
      return left === 0;
    });
    // What follows comes at once, so that a chain reads as one.
    ready.unshift(...next);
  }
  const seen = new Set(found);
  return [...found, ...scope.nodes.filter((key) => !seen.has(key))];
}
