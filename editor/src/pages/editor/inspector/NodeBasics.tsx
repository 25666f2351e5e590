/** What every node has for people: name, id, description. */
import { useState } from "react";
import { renameNodeId, whyNotRename } from "@/definition/commands/renamingIds";
import { pointer } from "@/definition/pointer";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { useEditorStore } from "../store";
import { FieldProblems } from "./FieldProblems";
import { accessor } from "./fields/sourceTree";
import { TextField } from "./nodes/TextField";
import { type NodeFieldsProps, textIn } from "./nodes/types";
import { useEndBurst } from "./useNodeEdit";

/** The three fields. */
export function NodeBasics(props: NodeFieldsProps) {
  const { node, place, set, readOnly } = props;
  const endBurst = useEndBurst();
  return (
    <>
      <div className="grid grid-cols-2 gap-2">
        <TextField
          label="Name"
          place={[...place, "name"]}
          value={textIn(node, "name")}
          placeholder={node.id}
          disabled={readOnly}
          onBlur={endBurst}
          onChange={(value) => set("name", value)}
        />
        <IdField key={node.id} {...props} />
      </div>
      <TextField
        long
        label="Description"
        place={[...place, "description"]}
        value={textIn(node, "description")}
        disabled={readOnly}
        onBlur={endBurst}
        onChange={(value) => set("description", value)}
      />
    </>
  );
}

/** An id is taken when the box is left: all that names the node follows it. */
function IdField({ nodeKey, node, place, readOnly }: NodeFieldsProps) {
  const store = useEditorStore();
  const [typed, setTyped] = useState<string | null>(null);
  const refused =
    typed === null ? null : whyNotRename(store.getState().document, nodeKey, typed.trim());
  const settle = () => {
    const id = typed?.trim();
    if (id !== undefined && id !== node.id && refused === null)
      store.getState().run((document) => renameNodeId(document, nodeKey, id));
    if (refused === null) setTyped(null);
  };
  return (
    <div data-place={pointer(...place, "id")} className="flex flex-col gap-1">
      <Field label="Id" error={refused} help={`Read as ${accessed(node.id)}`}>
        {(parts) => (
          <TextInput
            {...parts}
            className="font-mono"
            spellCheck={false}
            disabled={readOnly}
            value={typed ?? node.id}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={settle}
            onKeyDown={(event) => {
              if (event.key === "Enter") settle();
              if (event.key === "Escape") setTyped(null);
            }}
          />
        )}
      </Field>
      <FieldProblems place={[...place, "id"]} />
    </div>
  );
}

function accessed(id: string): string {
  return `steps${accessor(id)}`;
}
