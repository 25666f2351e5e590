/** Asks before a link leads away from unsaved work. */
import { useBlocker } from "react-router";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { useEditorStore } from "../store";
import type { Saving } from "./useSaving";

/** The dialog; it opens by itself. */
export function LeaveDialog({ saving }: { saving: Saving }) {
  const store = useEditorStore();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    const { document, saved } = store.getState();
    return document !== saved && currentLocation.pathname !== nextLocation.pathname;
  });
  const leave = async () => {
    if (await saving.save()) blocker.proceed?.();
    else blocker.reset?.();
  };
  return (
    <Dialog
      open={blocker.state === "blocked"}
      onOpenChange={(open) => open || blocker.reset?.()}
      title="Leave with unsaved changes?"
      width="narrow"
      footer={
        <>
          <Button onClick={() => blocker.reset?.()}>Stay here</Button>
          <Button onClick={() => blocker.proceed?.()}>Leave without saving</Button>
          <Button look="primary" busy={saving.state === "saving"} onClick={() => void leave()}>
            Save and leave
          </Button>
        </>
      }
    >
      <p>
        Without saving, your changes stay in this browser: they are offered again when you come back
        to this workflow.
      </p>
    </Dialog>
  );
}
