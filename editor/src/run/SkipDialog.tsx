/** Goes on without a step: somebody gives the output that it did not come to. */
import { useState } from "react";
import { useOutputSchema } from "@/api/runDefinition";
import type { NodeDoc } from "@/definition/document";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { validate } from "@/schema/validate";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import type { Commands } from "./useCommands";

interface SkipDialogProps {
  /** The run to skip. */
  step: { key: string; name: string };
  /** As the command names it; else its key. */
  target?: string | string[];
  /** The step as its definition writes it, if that is known. */
  node: NodeDoc | null;
  commands: Commands;
  onClose: () => void;
}

/** The dialog; it is open while it is rendered. */
export function SkipDialog({ step, target, node, commands, onClose }: SkipDialogProps) {
  const schema = useOutputSchema(node).data ?? null;
  const [given, setGiven] = useState<{ value: unknown } | null>(null);
  const [reason, setReason] = useState("");
  const [broken, setBroken] = useState(false);
  const [tried, setTried] = useState(false);
  const output = given ? given.value : (defaultsOf(schema) ?? {});
  const submit = async () => {
    setTried(true);
    if (broken || (schema && validate(schema, output).length > 0)) return;
    const body = { step: target ?? step.key, output, ...(reason ? { reason } : {}) };
    if (await commands.send("skip", body)) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Skip “${step.name}”`}
      description="The run goes on as if the step had put out this."
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            look="primary"
            busy={commands.busy === "skip"}
            disabledReason={broken ? "The text is not JSON" : null}
            onClick={() => void submit()}
          >
            Skip with this output
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <SchemaForm
          schema={schema}
          value={output}
          onChange={(value) => setGiven({ value })}
          showErrors={tried}
          label="Output"
          onBrokenChange={setBroken}
        />
        <Field label="Why" help="Kept in the history">
          {(parts) => (
            <TextInput
              {...parts}
              value={reason}
              maxLength={2_000}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
