/** The saved workflow as Python that compiles to the same plan. */
import { usePythonSource } from "@/api/editing";
import { Button } from "@/ui/Button";
import { CodeEditor } from "@/ui/CodeEditor";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { ErrorState, Skeleton } from "@/ui/placeholders";
import { saveText } from "@/ui/saveText";
import { useEditor } from "../store";

/** The dialog, while it is open. */
export function PythonDialog({ onClose }: { onClose: () => void }) {
  const { id, revision } = useEditor((state) => state.workflow);
  const dirty = useEditor((state) => state.document !== state.saved);
  const source = usePythonSource(id, revision);
  const text = source.data?.python ?? "";
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="As Python"
      width="wide"
      description={
        dirty
          ? "This is the workflow as it was last saved. Save to see your changes."
          : "Put this into the workflows.py of an app: it compiles to the very same plan."
      }
      footer={
        <>
          <CopyButton text={text} label="Copy the source" />
          <Button onClick={() => saveText(`${id}.py`, text, "text/x-python")}>Download</Button>
        </>
      }
    >
      {source.isError ? (
        <ErrorState error={source.error} onRetry={() => void source.refetch()} />
      ) : source.data ? (
        <CodeEditor value={text} language="python" label="Python source" readOnly />
      ) : (
        <Skeleton lines={8} />
      )}
    </Dialog>
  );
}
