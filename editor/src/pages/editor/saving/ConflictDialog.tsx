/** Two people, or two tabs, changed the same workflow: both sides, and the ways out. */
import { lazy, Suspense } from "react";
import { useNavigate } from "react-router";
import { useCreateWorkflow } from "@/api/workflows";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { messageOf, Skeleton } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";
import { useDocument, useEditorStore } from "../store";
import { dropDraft } from "./draft";
import type { Saving } from "./useSaving";

const JsonDiff = lazy(() => import("@/ui/JsonDiff"));

/** The dialog. */
export function ConflictDialog({ saving }: { saving: Saving }) {
  const store = useEditorStore();
  const mine = useDocument();
  const create = useCreateWorkflow();
  const navigate = useNavigate();
  const toast = useToast();
  const theirs = saving.conflict;
  if (!theirs) return null;

  const copy = async () => {
    try {
      const { workflow, document } = store.getState();
      const made = await create.mutateAsync({
        definition: document,
        name: `${document.name} (my version)`,
      });
      saving.takeTheirs();
      dropDraft(workflow.id);
      void navigate(`/workflows/${made.id}`);
    } catch (error) {
      toast({ title: "The copy was not made", body: messageOf(error), tone: "danger" });
    }
  };
  return (
    <Dialog
      open={saving.isAsking}
      onOpenChange={(open) => open || saving.later()}
      title="Somebody else saved this workflow meanwhile"
      description={`They saved revision ${theirs.revision}; yours began from revision ${store.getState().workflow.revision}.`}
      width="wide"
      footer={
        <>
          <Button onClick={saving.later}>Decide later</Button>
          <Button onClick={saving.takeTheirs}>Take theirs</Button>
          <Button busy={create.isPending} onClick={() => void copy()}>
            Save mine as a copy
          </Button>
          <Button
            look="primary"
            busy={saving.state === "saving"}
            onClick={() => void saving.keepMine()}
          >
            Keep mine
          </Button>
        </>
      }
    >
      <p className="mb-2 text-muted text-sm">
        Keeping yours makes a new revision; theirs stays among the versions, unless it has errors.
        Taking theirs can be undone here.
      </p>
      <Suspense fallback={<Skeleton lines={6} />}>
        <JsonDiff
          before={theirs.definition}
          after={mine}
          beforeLabel={`Theirs, revision ${theirs.revision}`}
          afterLabel="Yours"
        />
      </Suspense>
    </Dialog>
  );
}
