/** What can be done to several steps at once. */
import { Copy, CopyPlus, Group, Trash2 } from "lucide-react";
import { deleteNodes } from "@/definition/commands/deleting";
import { duplicateNodes } from "@/definition/commands/pasting";
import { wrapNodes } from "@/definition/commands/wrapping";
import { Button } from "@/ui/Button";
import { copySelection } from "./clipboard";
import { ExtractWorkflow } from "./extract/ExtractWorkflow";
import { useEditor, useEditorStore, useReadOnly } from "./store";

/** The panel in place of the fields of one step. */
export function SeveralSelected() {
  const store = useEditorStore();
  const selection = useEditor((state) => state.selection);
  const readOnly = useReadOnly();
  const { run } = store.getState();
  return (
    <section aria-label="Inspector" className="flex flex-col items-start gap-2 p-4">
      <h2 className="font-semibold">{`${selection.length} steps are selected`}</h2>
      <Button icon={Copy} onClick={() => void copySelection(store)}>
        Copy
      </Button>
      {!readOnly && (
        <>
          <Button icon={CopyPlus} onClick={() => run((now) => duplicateNodes(now, selection))}>
            Duplicate
          </Button>
          <Button icon={Group} onClick={() => run((now) => wrapNodes(now, selection, "foreach"))}>
            Repeat for each item
          </Button>
          <Button icon={Group} onClick={() => run((now) => wrapNodes(now, selection, "branch"))}>
            Put into a branch
          </Button>
          <ExtractWorkflow keys={selection} />
          <Button
            icon={Trash2}
            look="danger"
            onClick={() => run((now) => deleteNodes(now, selection))}
          >
            Delete
          </Button>
        </>
      )}
    </section>
  );
}
