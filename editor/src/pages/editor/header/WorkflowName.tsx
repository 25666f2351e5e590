/** The workflow's name, which is changed where it stands. */
import { setDocumentField } from "@/definition/commands/fields";
import { useEditor, useEditorStore, useReadOnly } from "../store";

/** The name as a heading; a field where it may be changed. */
export function WorkflowName() {
  const store = useEditorStore();
  const name = useEditor((state) => state.document.name);
  const readOnly = useReadOnly();
  if (readOnly) return <h1 className="truncate font-semibold text-base">{name}</h1>;
  return (
    <>
      <h1 className="sr-only">{name}</h1>
      <input
        value={name}
        aria-label="Name of the workflow"
        maxLength={200}
        onChange={({ target }) =>
          store
            .getState()
            .run((document) => setDocumentField(document, "name", target.value), { burst: "name" })
        }
        onBlur={() => store.getState().endBurst()}
        className="w-full min-w-24 max-w-96 truncate rounded-md border border-transparent bg-transparent px-1.5 py-0.5 font-semibold text-base hover:border-line focus:border-line-strong"
      />
    </>
  );
}
