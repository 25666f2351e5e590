/** A node that makes an object of earlier values. */
import { renameMapField } from "@/definition/commands/renamingFields";
import { pointer } from "@/definition/pointer";
import { useEditorStore } from "../../store";
import { FieldProblems } from "../FieldProblems";
import { FieldsEditor, fieldsOf } from "../fields/FieldsEditor";
import { type NodeFieldsProps, textIn } from "./types";

/** The fields of a map node, or the place of the Python that makes the value. */
export function MapFields({ nodeKey, node, place, set, readOnly }: NodeFieldsProps) {
  const store = useEditorStore();
  if (textIn(node, "code") !== "")
    return (
      <p className="text-sm">
        Python: <code className="break-all text-xs">{textIn(node, "code")}</code>
      </p>
    );
  const at = [...place, "fields"];
  return (
    <div data-place={pointer(...at)} className="flex flex-col gap-2">
      <h3 className="font-semibold text-sm">Fields of the new value</h3>
      <FieldsEditor
        label="the new value"
        place={at}
        standing={{ node_id: node.id, at: "own" }}
        fields={node.fields}
        onChange={(fields) => set("fields", fields ?? {})}
        onRename={(name, next) =>
          store.getState().run((document) => renameMapField(document, nodeKey, name, next))
        }
        disabled={readOnly}
      />
      <FieldProblems place={at} except={Object.keys(fieldsOf(node.fields))} />
    </div>
  );
}
