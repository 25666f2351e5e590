/** JSON Patch (RFC 6902) on a document, for repairs that the server offers.  Refuses what misses. */
import type { PatchOperation } from "./diagnostics";
import type { DefinitionDoc } from "./document";
import { CommandError, type Edit } from "./edit";
import { changeAt, parsePointer, valueAt, withField } from "./pointer";
import { readDocument } from "./readDocument";

/** Applies a patch as one edit. */
export function applyPatch(
  document: DefinitionDoc,
  patch: readonly PatchOperation[],
  label = "repair",
): Edit {
  const made = patch.reduce<unknown>(applyOperation, document);
  const read = readDocument(made);
  if (!read.document) throw new CommandError("patch.refused", read.problem);
  return { document: read.document, label };
}

function applyOperation(value: unknown, operation: PatchOperation): unknown {
  const place = parsePointer(operation.path);
  switch (operation.op) {
    case "test": {
      const same = JSON.stringify(valueAt(value, place)) === JSON.stringify(operation.value);
      if (!same) throw missed(operation.path);
      return value;
    }
    case "remove":
      return remove(value, place);
    case "add":
      return add(value, place, operation.value);
    case "replace":
      if (valueAt(value, place) === undefined && place.length > 0) throw missed(operation.path);
      return changeAt(value, place, () => operation.value);
    case "copy":
      return add(value, place, valueAt(value, parsePointer(operation.from ?? "")));
    case "move": {
      const from = parsePointer(operation.from ?? "");
      return add(remove(value, from), place, valueAt(value, from));
    }
  }
}

function add(value: unknown, place: string[], added: unknown): unknown {
  const last = place.at(-1);
  if (last === undefined) return added;
  return changeAt(value, place.slice(0, -1), (owner) => {
    if (Array.isArray(owner)) {
      const index = last === "-" ? owner.length : Number(last);
      if (!Number.isInteger(index) || index < 0 || index > owner.length) throw missed(last);
      return [...owner.slice(0, index), added, ...owner.slice(index)];
    }
    if (typeof owner !== "object" || owner === null) throw missed(last);
    return withField(owner, last, added);
  });
}

function remove(value: unknown, place: string[]): unknown {
  const last = place.at(-1);
  if (last === undefined || valueAt(value, place) === undefined) throw missed(place.join("/"));
  return changeAt(value, place.slice(0, -1), (owner) =>
    Array.isArray(owner)
      ? owner.filter((_, index) => index !== Number(last))
      : withField(owner as object, last, undefined),
  );
}

function missed(place: string): CommandError {
  return new CommandError(
    "patch.missed",
    `The document has changed at ${place}. Wait for the check to finish and try again.`,
  );
}
