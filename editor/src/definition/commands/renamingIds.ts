/**
 * Giving a node another id, and all that names it with it: edges, paths, expressions, templates,
 * positions.  Refuses ids that are taken or that the server does not take.
 */

import { isObject } from "@/contracts/json";
import { addressesOf, type NodeKey, neighbours, scopesIn } from "../addresses";
import { type DefinitionDoc, edgesOf, type NodeDoc, positionsOf } from "../document";
import { CommandError, type Edit } from "../edit";
import { isValidId, takenIds } from "../ids";
import { withField } from "../pointer";
import { type Renaming, renameInSource } from "../renaming";
import { changeEverywhere, changeInput, changeOutput, changeOwn, mapShared } from "../sources";
import { changeNode, changeScope, entryOf, scopeEntryOf, withEdges } from "./change";

/** Returns why a node cannot be called `id`, as a sentence; `null` if it can. */
export function whyNotRename(document: DefinitionDoc, key: NodeKey, id: string): string | null {
  if (id === entryOf(document, key).node.id) return null;
  if (id === "") return "An id is needed.";
  if (!isValidId(id)) {
    return "An id has letters, digits and _ - . : and begins with a letter, a digit or _.";
  }
  return takenIds(document).has(id) ? `Another step is called ${id} already.` : null;
}

/** Renames a node's id everywhere. */
export function renameNodeId(document: DefinitionDoc, key: NodeKey, id: string): Edit {
  const refusal = whyNotRename(document, key, id);
  if (refusal) throw new CommandError("id.refused", refusal);
  const { node, scope } = entryOf(document, key);
  const old = node.id;
  const label = `rename ${old} to ${id}`;
  if (old === id) return { document, label };
  // The key of a repeated id ends in "~2": whoever reads the id means the first.
  if (key !== old) {
    return { document: changeNode(document, key, (one) => ({ ...one, id })), label, select: [id] };
  }
  let made = renameHandedOver(document, key, { path: ["input", old], to: id });
  made = changeNode(made, key, (one) => ({ ...one, id }));
  made = changeScope(made, scope, (one) =>
    withEdges(
      one,
      mapShared(edgesOf(one), ([a, b]) =>
        a === old || b === old ? [a === old ? id : a, b === old ? id : b] : [a, b],
      ),
    ),
  );
  made = renameRead(made, { path: ["steps", old], to: id });
  made = renamePosition(made, old, id);
  return { document: made, label, select: [id], notes: keyedNotes(document, key, old, id) };
}

/** Returns `document` with a part of paths renamed wherever it is read. */
export function renameRead(document: DefinitionDoc, renaming: Renaming): DefinitionDoc {
  const change = (source: unknown) => renameInSource(source, renaming);
  return changeEverywhere(
    document,
    (node) => changeOwn(changeInput(node, change), change),
    (scope) => changeOutput(scope, change),
  );
}

/** What several predecessors hand over is keyed by their ids, and read as `input.<id>`. */
function renameHandedOver(
  document: DefinitionDoc,
  key: NodeKey,
  renaming: Renaming,
): DefinitionDoc {
  let made = document;
  const { scope } = entryOf(document, key);
  for (const after of neighbours(document, key).after) {
    const { node } = addressesOf(made).nodes.get(after) ?? {};
    if (!node || entryOf(made, after).scope !== scope) continue;
    const keyed = node.collect === true || neighbours(document, after).before.length > 1;
    if (keyed) made = changeNode(made, after, (one) => renameInReceived(one, renaming));
  }
  return made;
}

/** Returns `node` with a part renamed that it reads of what was handed over to it. */
export function renameInReceived(node: NodeDoc, renaming: Renaming): NodeDoc {
  const change = (source: unknown) => renameInSource(source, renaming);
  const made = changeInput(node, change);
  // With an input of its own, `input` means that input elsewhere in the node; and a loop's
  // condition looks at what its body put out.
  return isObject(node.input) || node.type === "loop" ? made : changeOwn(made, change);
}

function renamePosition(document: DefinitionDoc, old: string, id: string): DefinitionDoc {
  const positions = positionsOf(document);
  if (!Object.hasOwn(positions, old)) return document;
  const entries = Object.entries(positions)
    .filter(([name]) => name !== id)
    .map(([name, at]) => [name === old ? id : name, at]);
  return withField(
    document,
    "ui",
    withField(document.ui ?? {}, "positions", Object.fromEntries(entries)),
  );
}

/** A graph with several last steps and no output of its own puts out an object keyed by ids. */
function keyedNotes(document: DefinitionDoc, key: NodeKey, old: string, id: string): string[] {
  const { scope } = entryOf(document, key);
  const here = scopeEntryOf(document, scope);
  if (here.scope.output != null || neighbours(document, key).after.length > 0) return [];
  const from = new Set(edgesOf(here.scope).map(([one]) => one));
  const last = here.nodes.filter((one) => !from.has(one));
  if (last.length < 2) return [];
  const whose = here.holder ?? "the workflow";
  const inside = scopesIn(document, key).length > 0 ? " and what is in it" : "";
  return [`What ${whose} puts out now has the field ${id} where it had ${old}${inside}.`];
}
