/** Runs a workflow from the list: asks for its input, or starts it at once where it asks nothing;
 * then shows the execution. */
import { Suspense, useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { type Preflight, type Started, usePreflight, useStart } from "@/api/startExecution";
import type { WorkflowRow } from "@/api/workflows";
import { RunDialog } from "@/run/dialogs";
import { asksNothing } from "@/run/inputProblems";
import { whyNotRun } from "@/run/whyNotRun";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

interface RunFromListProps {
  row: WorkflowRow;
  onClose: () => void;
}

/** The dialog, where there is something to ask. */
export function RunFromList({ row, onClose }: RunFromListProps) {
  const navigate = useNavigate();
  const toast = useToast();
  // What was published or connected a moment ago counts, so nothing remembered is used.
  const { data, error, isFetchedAfterMount, refetch } = usePreflight(row.id);
  const preflight = isFetchedAfterMount ? data : undefined;
  useEffect(() => void refetch(), [refetch]);
  const { mutate } = useStart(row.id);
  const isDecided = useRef(false);
  const show = ({ execution_id }: Started) =>
    void navigate(`/executions/${encodeURIComponent(execution_id)}`);
  useEffect(() => {
    if (isDecided.current || !(preflight || error)) return;
    isDecided.current = true;
    const refused = (why: string) => {
      toast({ title: `${row.name} was not started`, body: why, tone: "danger" });
      onClose();
    };
    const reason = error ? messageOf(error) : whyNotRun({ preflight });
    if (reason !== null) return refused(reason);
    if (preflight && needsNothing(preflight)) {
      mutate(
        { body: { input: {} }, key: crypto.randomUUID() },
        { onSuccess: show, onError: (problem) => refused(messageOf(problem)) },
      );
    }
  });
  if (!preflight || needsNothing(preflight) || whyNotRun({ preflight }) !== null) return null;
  return (
    <Suspense>
      <RunDialog
        workflowId={row.id}
        name={row.name}
        preflight={preflight}
        onClose={onClose}
        onStarted={show}
      />
    </Suspense>
  );
}

function needsNothing(preflight: Preflight): boolean {
  return asksNothing(preflight.input_schema) && preflight.missing_connections.length === 0;
}
