/** The document as JSON, to be read, changed and pasted over as a whole. */
import { useState } from "react";
import { type ReadDocument, readDocument } from "@/definition/readDocument";
import { Button } from "@/ui/Button";
import { CodeEditor } from "@/ui/CodeEditor";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { messageOf } from "@/ui/placeholders";
import { useEditorStore, useReadOnly } from "../store";

/** The dialog, while it is open. */
export function JsonDialog({ onClose }: { onClose: () => void }) {
  const store = useEditorStore();
  const readOnly = useReadOnly();
  const [text, setText] = useState(() => JSON.stringify(store.getState().document, null, 2));
  const read = parsed(text);
  const take = () => {
    if (!read.document) return;
    store.getState().replace(read.document, "edit as JSON");
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={readOnly ? "As JSON" : "Edit as JSON"}
      width="wide"
      footer={
        <>
          <CopyButton text={text} label="Copy the JSON" />
          <Button onClick={onClose}>{readOnly ? "Close" : "Cancel"}</Button>
          {!readOnly && (
            <Button look="primary" disabledReason={read.problem ?? null} onClick={take}>
              Take over
            </Button>
          )}
        </>
      }
    >
      <CodeEditor
        value={text}
        onChange={setText}
        language="json"
        label="The workflow as JSON"
        readOnly={readOnly}
        minHeight="40vh"
      />
      {read.problem && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {read.problem}
        </p>
      )}
    </Dialog>
  );
}

function parsed(text: string): ReadDocument {
  try {
    return readDocument(JSON.parse(text));
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
