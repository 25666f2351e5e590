/** Notes down an account that was connected at the connector hub.  Asks for no password and no key:
 * those stay at the hub. */
import { useId, useState } from "react";
import { useAddConnection, useToolkits } from "@/api/connections";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

interface AddConnectionProps {
  /** The service that is chosen from the start. */
  toolkit: string;
  onClose: () => void;
}

/** The dialog; shown as long as it is rendered. */
export function AddConnection({ toolkit, onClose }: AddConnectionProps) {
  const [body, setBody] = useState({ toolkit, account_id: "", label: "" });
  const toolkits = useToolkits();
  const add = useAddConnection();
  const toast = useToast();
  const listId = useId();
  const formId = useId();
  const isFilled = body.toolkit.trim() !== "" && body.account_id.trim() !== "";
  const problems = problemsByField(add.error);
  const submit = () =>
    add.mutate(
      {
        toolkit: body.toolkit.trim().toLowerCase(),
        account_id: body.account_id.trim(),
        label: body.label.trim(),
      },
      {
        onSuccess: (made) => {
          toast({ title: `${made.label || made.toolkit} is connected` });
          onClose();
        },
      },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Add a connection"
      description="Connect the account at the connector hub first; here only its id is noted down."
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            type="submit"
            form={formId}
            look="primary"
            busy={add.isPending}
            disabledReason={isFilled ? null : "Fill in the service and the account's id"}
          >
            Add
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isFilled && !add.isPending) submit();
        }}
      >
        <Field label="Service" required error={problems.toolkit} help="For example gmail.">
          {(parts) => (
            <TextInput
              {...parts}
              list={listId}
              autoCapitalize="none"
              maxLength={100}
              value={body.toolkit}
              onChange={(event) => setBody({ ...body, toolkit: event.target.value })}
            />
          )}
        </Field>
        <datalist id={listId}>
          {(toolkits.data ?? []).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Field
          label="Account's id"
          required
          error={problems.account_id}
          help="As the hub shows it, such as ca_9fQ2mZ."
        >
          {(parts) => (
            <TextInput
              {...parts}
              autoComplete="off"
              spellCheck={false}
              maxLength={128}
              className="font-mono"
              value={body.account_id}
              onChange={(event) => setBody({ ...body, account_id: event.target.value })}
            />
          )}
        </Field>
        <Field label="Name" error={problems.label} help="For you, where you have several.">
          {(parts) => (
            <TextInput
              {...parts}
              maxLength={200}
              placeholder="Work"
              value={body.label}
              onChange={(event) => setBody({ ...body, label: event.target.value })}
            />
          )}
        </Field>
        {add.error && (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
            {messageOf(add.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** What the server said of each field of the body. */
function problemsByField(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError) || !Array.isArray(error.details.problems)) return {};
  return Object.fromEntries(
    error.details.problems.map((one: { path?: unknown; message?: unknown }) => [
      String(one.path ?? "").replace(/^\//, ""),
      String(one.message ?? ""),
    ]),
  );
}
