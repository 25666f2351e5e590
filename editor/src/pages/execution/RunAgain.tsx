/** Runs the workflow again with the inputs of an earlier run, to be edited first. */
import { Repeat } from "lucide-react";
import { Suspense, useState } from "react";
import { call } from "@/api/call";
import { type ExecutionRecord, executionAddress } from "@/api/execution";
import { type Preflight, usePreflight } from "@/api/startExecution";
import { isPreview } from "@/execution/preview";
import { RunDialog } from "@/run/dialogs";
import { sentence } from "@/run/whyNotRun";
import { Button } from "@/ui/Button";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

interface RunAgainProps {
  record: ExecutionRecord;
  onStarted: (executionId: string) => void;
}

/** The button with its dialog. */
export function RunAgain({ record, onStarted }: RunAgainProps) {
  const preflight = usePreflight(record.workflow);
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [initial, setInitial] = useState<{ input: unknown } | null>(null);
  const open = async () => {
    setBusy(true);
    try {
      setInitial({ input: await wholeInput(record) });
    } catch (error) {
      toast({ title: "Its input could not be read", body: messageOf(error), tone: "danger" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button
        small
        icon={Repeat}
        busy={busy}
        disabledReason={whyNot(preflight.data)}
        onClick={() => void open()}
      >
        Run again…
      </Button>
      {initial && preflight.data && (
        <Suspense>
          <RunDialog
            workflowId={record.workflow}
            name={`${record.workflow_name} again`}
            preflight={preflight.data}
            initial={initial}
            rerunOf={record.id}
            onClose={() => setInitial(null)}
            onStarted={(started) => {
              setInitial(null);
              onStarted(started.execution_id);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function whyNot(preflight: Preflight | undefined): string | null {
  const reason = preflight?.reasons.find((it) => it.code !== "connection.missing");
  return reason ? sentence(reason.message) : null;
}

async function wholeInput(record: ExecutionRecord): Promise<unknown> {
  if (!isPreview(record.input)) return record.input;
  const whole = await call<{ input: unknown }>("GET", executionAddress(record.id), {
    query: { full: true },
  });
  return whole.input;
}
