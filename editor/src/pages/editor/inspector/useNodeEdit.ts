/** Writing to the node or the workflow that is inspected; edits of one field in a row are one undo. */
import { useMemo } from "react";
import type { NodeKey } from "@/definition/addresses";
import { setDocumentField, setNodeField } from "@/definition/commands/fields";
import { useEditorStore } from "../store";

/** Sets one field; undefined takes it away. */
export type SetField = (field: string, value: unknown) => void;

/** Returns the function that sets fields of the node at `key`, or of the workflow for `null`. */
export function useSetField(key: NodeKey | null): SetField {
  const store = useEditorStore();
  return useMemo(
    () => (field, value) => {
      const options = { burst: `${key ?? ""}/${field}` };
      store
        .getState()
        .run(
          (document) =>
            key === null
              ? setDocumentField(document, field, value)
              : setNodeField(document, key, field, value),
          options,
        );
    },
    [store, key],
  );
}

/** Returns the function that ends a burst of edits, for when a field is left. */
export function useEndBurst(): () => void {
  const store = useEditorStore();
  return useMemo(() => () => store.getState().endBurst(), [store]);
}
