/** Makes an empty workflow; asks for its name and nothing else. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import type { Creating } from "./NewWorkflow";

/** The form. */
export function BlankWorkflow({ create, busy, problem }: Creating) {
  const [name, setName] = useState("");
  const trimmed = name.trim();
  return (
    <form
      className="flex max-w-md flex-col gap-3 px-1 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed && !busy) {
          create({ schema_version: 1, name: trimmed, nodes: [], edges: [] });
        }
      }}
    >
      <Field label="Name" required error={problem} help="You can change it later.">
        {(parts) => (
          <TextInput
            {...parts}
            // The dialog's first question; there is nothing above it to miss.
            autoFocus
            maxLength={200}
            placeholder="Welcome new customers"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button
          type="submit"
          look="primary"
          busy={busy}
          disabledReason={trimmed ? null : "Give it a name first"}
        >
          Create and draw
        </Button>
      </div>
    </form>
  );
}
