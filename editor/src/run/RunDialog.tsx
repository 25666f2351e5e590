/** Asks what a workflow is to run with, and starts it: once, however often one clicks. */
import { Play } from "lucide-react";
import { type FormEvent, useId, useMemo, useRef, useState } from "react";
import { lastInput, type Preflight, type Started, useStart } from "@/api/startExecution";
import type { JsonSchema } from "@/contracts/json";
import { defaultsOf, withoutSecrets } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { useFormValue } from "@/schema/useFormValue";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { messageOf } from "@/ui/placeholders";
import { inputProblems } from "./inputProblems";
import { MissingConnections } from "./MissingConnections";
import { NO_OPTIONS, type Options, optionsOf, RunOptions } from "./RunOptions";

interface RunDialogProps {
  workflowId: string;
  name: string;
  preflight: Preflight;
  /** What the form begins with, instead of the defaults. */
  initial?: { input: unknown };
  /** The execution that this one repeats with other inputs. */
  rerunOf?: string;
  onClose: () => void;
  onStarted: (started: Started) => void;
}

/** The dialog; it is open while it is rendered. */
export function RunDialog(props: RunDialogProps) {
  const { workflowId, name, preflight, initial, rerunOf, onClose, onStarted } = props;
  const schema: JsonSchema = preflight.input_schema;
  const formId = useId();
  const entered = useFormValue(schema, () =>
    initial ? withoutSecrets(schema, initial.input) : defaultsOf(schema),
  );
  const [options, setOptions] = useState<Options>(NO_OPTIONS);
  const start = useStart(workflowId, rerunOf);
  const last = useLastInput(workflowId, (value) => entered.setValue(withoutSecrets(schema, value)));
  // One key for one set of inputs: sent twice, it is still one execution.
  const sent = useRef<{ body: string; key: string } | null>(null);
  const missing = preflight.missing_connections;
  const problems = useMemo(() => inputProblems(start.error, "/input"), [start.error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!entered.mayGo() || start.isPending || missing.length > 0) return;
    const body = { input: entered.value, ...optionsOf(options) };
    const text = JSON.stringify(body);
    if (sent.current?.body !== text) sent.current = { body: text, key: crypto.randomUUID() };
    start.mutate({ body, key: sent.current.key }, { onSuccess: onStarted });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Run ${name}`}
      description={preflight.published ? `Version ${preflight.published.version}` : undefined}
      footer={
        <>
          {!rerunOf && (
            <Button busy={last.busy} onClick={last.load}>
              Use last run’s inputs
            </Button>
          )}
          <span className="flex-1" />
          <Button onClick={onClose}>Back</Button>
          <Button
            look="primary"
            type="submit"
            form={formId}
            icon={Play}
            busy={start.isPending}
            disabledReason={
              missing.length
                ? "Connect the accounts first"
                : entered.isBroken
                  ? "The text is not JSON"
                  : null
            }
          >
            Start
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="flex flex-col gap-4">
        <MissingConnections toolkits={missing} />
        <SchemaForm
          {...entered.fields}
          errors={problems}
          disabled={start.isPending}
          label="Input"
        />
        {last.said && <p className="text-muted text-sm">{last.said}</p>}
        {!rerunOf && <RunOptions value={options} onChange={setOptions} error={start.error} />}
        {start.error && (
          <p role="alert" className="whitespace-pre-wrap text-danger text-sm">
            {messageOf(start.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function useLastInput(workflowId: string, onInput: (input: unknown) => void) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const load = async () => {
    setBusy(true);
    try {
      const last = await lastInput(workflowId);
      if (last) onInput(last.input);
      setSaid(
        last
          ? "Filled in with the last run’s inputs; secrets are not kept."
          : "There is no earlier run.",
      );
    } catch (error) {
      setSaid(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, said, load: () => void load() };
}
