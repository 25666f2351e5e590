/** Taking nodes away.  What read them stays and is named, so that nothing breaks in silence. */
import { addressesOf, holdersOf, type NodeKey } from "../addresses";
import { type DefinitionDoc, type EdgeDoc, edgesOf, nodesOf, titleOf } from "../document";
import type { Edit } from "../edit";
import { idsIn } from "../everyNode";
import { readersByStep } from "../references";
import { changeScope, leadsTo, withEdges, withNodes, withPositions } from "./change";

/** Returns `keys` without those that stand inside another of them, in the document's order. */
export function outermost(document: DefinitionDoc, keys: readonly NodeKey[]): NodeKey[] {
  const chosen = new Set(keys);
  const { nodes } = addressesOf(document);
  return [...chosen]
    .filter((key) => nodes.has(key) && !holdersOf(document, key).some((one) => chosen.has(one)))
    .sort((a, b) => (nodes.get(a)?.position ?? 0) - (nodes.get(b)?.position ?? 0));
}

/** Deletes nodes with all that stands in them; with `bridge` what stood before a deleted node leads
 * on to what stood behind it. */
export function deleteNodes(
  document: DefinitionDoc,
  keys: readonly NodeKey[],
  { bridge = true }: { bridge?: boolean } = {},
): Edit {
  const gone = outermost(document, keys);
  const { nodes } = addressesOf(document);
  const entries = gone.flatMap((key) => nodes.get(key) ?? []);
  const ids = new Set(entries.flatMap(({ node }) => idsIn({ nodes: [node] })));
  let made = document;
  for (const scope of new Set(entries.map((entry) => entry.scope))) {
    const own = entries.filter((entry) => entry.scope === scope).map((entry) => entry.node);
    made = changeScope(made, scope, (old) => {
      const left = nodesOf(old).filter((node) => !own.includes(node));
      // A second node of the same id keeps the edges.
      const missing = new Set(own.map((node) => node.id));
      for (const node of left) missing.delete(node.id);
      return withEdges(withNodes(old, left), edgesWithout(edgesOf(old), missing, bridge));
    });
  }
  const remaining = new Set(idsIn(made));
  const really = [...ids].filter((id) => !remaining.has(id));
  made = withPositions(made, new Map(really.map((id) => [id, null])));
  const first = entries[0];
  const what = entries.length === 1 && first ? titleOf(first.node) : `${entries.length} steps`;
  return { document: made, label: `delete ${what}`, select: [], notes: brokenNotes(made, really) };
}

function edgesWithout(
  edges: readonly EdgeDoc[],
  gone: ReadonlySet<string>,
  bridge: boolean,
): EdgeDoc[] {
  let left = [...edges];
  for (const id of gone) {
    const before = left.filter(([, to]) => to === id).map(([from]) => from);
    const after = left.filter(([from]) => from === id).map(([, to]) => to);
    left = left.filter(([from, to]) => from !== id && to !== id);
    if (!bridge) continue;
    for (const from of before) {
      for (const to of after) {
        // Where another way leads there already, a bridge would only add a second hand-over.
        if (from !== to && !leadsTo(left, from, to)) left.push([from, to]);
      }
    }
  }
  return left;
}

function brokenNotes(document: DefinitionDoc, gone: readonly string[]): string[] {
  const readers = readersByStep(document);
  const { nodes } = addressesOf(document);
  return gone.flatMap((id) => {
    const names = [...(readers.get(id) ?? [])].map((key) => {
      const node = key === null ? undefined : nodes.get(key)?.node;
      return node ? titleOf(node) : "the workflow's output";
    });
    return names.length === 0 ? [] : [`${id} was read by ${names.join(", ")}.`];
  });
}
