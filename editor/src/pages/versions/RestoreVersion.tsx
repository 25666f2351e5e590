/** Makes a version the draft again, after saying what becomes of the draft as it is. */
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { conflictIn, type EditedWorkflow, useRestore } from "@/api/editing";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/Dialog";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

interface RestoreVersionProps {
  workflow: EditedWorkflow;
  number: number;
}

/** The button and its question. */
export function RestoreVersion({ workflow, number }: RestoreVersionProps) {
  const [isAsking, setAsking] = useState(false);
  const restore = useRestore(workflow.id);
  const navigate = useNavigate();
  const toast = useToast();
  const unpublished = workflow.compile.status === "errors";
  const go = () =>
    restore.mutate(
      { number, revision: workflow.revision },
      {
        onSuccess: () => {
          toast({ title: `Version ${number} is the draft again` });
          void navigate(`/workflows/${workflow.id}`);
        },
        onError: (error) => {
          setAsking(false);
          toast({
            title: "It was not restored",
            body: conflictIn(error)
              ? "Somebody saved the workflow meanwhile. Look at what changed, and try again."
              : messageOf(error),
            tone: "danger",
          });
        },
      },
    );
  return (
    <>
      <Button small icon={RotateCcw} onClick={() => setAsking(true)}>
        {`Restore version ${number}`}
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={`Restore version ${number}?`}
        confirm="Restore"
        busy={restore.isPending}
        onConfirm={go}
      >
        <p className="text-sm">
          {`The draft becomes what version ${number} was, and is what new executions run. All versions stay.`}
        </p>
        {unpublished && (
          <p className="mt-2 text-danger text-sm">
            The draft has errors, so it is among no versions: what is in it now is lost. Download it
            from the editor first if you need it.
          </p>
        )}
      </ConfirmDialog>
    </>
  );
}
