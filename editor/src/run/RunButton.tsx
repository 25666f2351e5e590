/** Run, with the reason in words when it cannot; and Stop beside it while something runs. */
import { useQueryClient } from "@tanstack/react-query";
import { OctagonX, Play } from "lucide-react";
import { Suspense, useState } from "react";
import { useRunning } from "@/api/execution";
import { type Started, usePreflight, useStart } from "@/api/startExecution";
import { Button } from "@/ui/Button";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";
import { RunDialog } from "./dialogs";
import { asksNothing } from "./inputProblems";
import { useCommands } from "./useCommands";
import { whyNotRun } from "./whyNotRun";

interface RunButtonProps {
  workflowId: string;
  /** What it is called in the dialog. */
  name?: string;
  dirty?: boolean;
  diagnostics?: readonly { severity: string }[];
  /** Told of what was started, as to follow it. */
  onStarted?: (executionId: string) => void;
  small?: boolean;
}

/** The buttons. */
export function RunButton(props: RunButtonProps) {
  const { workflowId, name = "workflow", dirty, diagnostics, onStarted, small = false } = props;
  const client = useQueryClient();
  const preflight = usePreflight(workflowId);
  const running = useRunning(workflowId).data ?? [];
  const start = useStart(workflowId);
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const reason = whyNotRun({
    dirty,
    diagnostics,
    preflight: preflight.data,
    unknown: preflight.isError,
  });

  const begun = (started: Started) => {
    setAsking(false);
    void client.invalidateQueries({ queryKey: ["executions", "running"] });
    onStarted?.(started.execution_id);
  };
  const press = async () => {
    // What was published or connected a moment ago counts.
    const now = (await preflight.refetch()).data ?? preflight.data;
    if (!now || whyNotRun({ dirty, diagnostics, preflight: now }) !== null) return;
    if (!asksNothing(now.input_schema) || now.missing_connections.length > 0) {
      setAsking(true);
      return;
    }
    start.mutate(
      { body: { input: {} }, key: crypto.randomUUID() },
      {
        onSuccess: begun,
        onError: (error) =>
          toast({ title: "It could not be started", body: messageOf(error), tone: "danger" }),
      },
    );
  };
  const newest = running[0];
  return (
    <>
      <Button
        look="primary"
        small={small}
        icon={Play}
        busy={start.isPending}
        disabledReason={reason}
        onClick={() => void press()}
      >
        Run
      </Button>
      {newest && <StopButton executionId={newest.id} stopping={newest.stopping} small={small} />}
      {asking && preflight.data && (
        <Suspense>
          <RunDialog
            workflowId={workflowId}
            name={name}
            preflight={preflight.data}
            onClose={() => setAsking(false)}
            onStarted={begun}
          />
        </Suspense>
      )}
    </>
  );
}

interface StopButtonProps {
  executionId: string;
  stopping: string;
  small: boolean;
}

function StopButton({ executionId, stopping, small }: StopButtonProps) {
  const commands = useCommands(executionId);
  return (
    <Button
      small={small}
      icon={OctagonX}
      busy={commands.busy === "cancel"}
      disabledReason={stopping ? "It is stopping: what runs may finish" : null}
      onClick={() => void commands.send("cancel")}
    >
      Stop
    </Button>
  );
}
