/**
 * Giving a field another name, and all that reads it with it: an input of the workflow, a part of
 * its state or context, a field that a map makes.  Refuses names that are taken or empty.
 */

import { isObject } from "@/contracts/json";
import { type NodeKey, neighbours } from "../addresses";
import { type DefinitionDoc, titleOf } from "../document";
import { CommandError, type Edit } from "../edit";
import { withField } from "../pointer";
import { changeNode, entryOf } from "./change";
import { renameInReceived, renameRead } from "./renamingIds";

export type Described = "inputs" | "state" | "context";

/** Renames a property of the workflow's inputs, state or context wherever it is read. */
export function renameProperty(
  document: DefinitionDoc,
  field: Described,
  old: string,
  name: string,
): Edit {
  const schema = document[field];
  const label = `rename ${field}.${old} to ${name}`;
  if (old === name || !isObject(schema) || !isObject(schema.properties)) return { document, label };
  const properties = renamedKey(schema.properties, old, name);
  const { required } = schema;
  const made = {
    ...schema,
    properties,
    ...(Array.isArray(required)
      ? { required: required.map((one) => (one === old ? name : one)) }
      : {}),
  };
  const changed = withField(document, field, made);
  return { document: renameRead(changed, { path: [field, old], to: name }), label };
}

/** Renames a field that a map makes wherever it is read: by the step's id, or as what it hands on. */
export function renameMapField(
  document: DefinitionDoc,
  key: NodeKey,
  old: string,
  name: string,
): Edit {
  const { node } = entryOf(document, key);
  const label = `rename the field ${old} of ${titleOf(node)} to ${name}`;
  if (old === name || !isObject(node.fields)) return { document, label };
  const fields = renamedKey(node.fields, old, name);
  let made = changeNode(document, key, (one) => withField(one, "fields", fields));
  // The key of a repeated id ends in "~2": whoever reads the id means the first.
  if (key !== node.id) return { document: made, label };
  made = renameRead(made, { path: ["steps", node.id, old], to: name });
  for (const after of neighbours(made, key).after) {
    const reader = entryOf(made, after).node;
    const keyed = reader.collect === true || neighbours(made, after).before.length > 1;
    const path: [string, ...string[]] = keyed ? ["input", node.id, old] : ["input", old];
    made = changeNode(made, after, (one) => renameInReceived(one, { path, to: name }));
  }
  return { document: made, label };
}

/** The same object in the same order with one key called otherwise. */
function renamedKey(
  owner: Record<string, unknown>,
  old: string,
  name: string,
): Record<string, unknown> {
  if (name === "") throw new CommandError("field.refused", "A name is needed.");
  if (Object.hasOwn(owner, name)) {
    throw new CommandError("field.refused", `Another field is called ${name} already.`);
  }
  return Object.fromEntries(
    Object.entries(owner).map(([key, value]) => [key === old ? name : key, value]),
  );
}
