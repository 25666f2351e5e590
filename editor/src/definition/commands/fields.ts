/** Setting fields of a node, of a body or of the workflow.  Judges no value: the server does. */
import { addressesOf, type NodeKey, type ScopeKey } from "../addresses";
import { type DefinitionDoc, type NodeDoc, titleOf } from "../document";
import type { Edit } from "../edit";
import { withField } from "../pointer";
import { changeNode, changeScope, entryOf } from "./change";

/** Sets one field of a node; `undefined` takes it away. */
export function setNodeField(
  document: DefinitionDoc,
  key: NodeKey,
  field: string,
  value: unknown,
): Edit {
  return updateNode(
    document,
    key,
    (node) => withField(node, field, value),
    `change ${field.replace(/_/g, " ")} of ${titleOf(entryOf(document, key).node)}`,
  );
}

/** Sets several fields of a node in one go; `undefined` takes one away. */
export function setNodeFields(
  document: DefinitionDoc,
  key: NodeKey,
  fields: Readonly<Record<string, unknown>>,
): Edit {
  return updateNode(document, key, (node) =>
    Object.entries(fields).reduce((made, [field, value]) => withField(made, field, value), node),
  );
}

/** Changes a node by a function, which must keep its id: ids are changed by renaming. */
export function updateNode(
  document: DefinitionDoc,
  key: NodeKey,
  change: (node: NodeDoc) => NodeDoc,
  label?: string,
): Edit {
  const { node } = entryOf(document, key);
  const made = changeNode(document, key, (old) => withField(change(old), "id", old.id));
  return { document: made, label: label ?? `change ${titleOf(node)}` };
}

/** Sets one field of the workflow itself, such as `inputs`; `undefined` takes it away. */
export function setDocumentField(document: DefinitionDoc, field: string, value: unknown): Edit {
  return {
    document: withField(document, field, value),
    label: `change the workflow's ${field.replace(/_/g, " ")}`,
  };
}

/** Sets what a body puts out; `undefined` for what its last steps put out. */
export function setScopeOutput(document: DefinitionDoc, key: ScopeKey, output: unknown): Edit {
  const { holder } = addressesOf(document).scopes.get(key) ?? {};
  const whose = holder ? titleOf(entryOf(document, holder).node) : "the workflow";
  return {
    document: changeScope(document, key, (scope) => withField(scope, "output", output)),
    label: `change the output of ${whose}`,
  };
}
