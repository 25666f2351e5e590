/** Chooses the workflow of a schedule. */
import { useWorkflowChoices } from "@/api/workflows";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/inputs";

interface WorkflowFieldProps {
  value: string;
  onChange: (id: string) => void;
}

/** The field. */
export function WorkflowField({ value, onChange }: WorkflowFieldProps) {
  const choices = useWorkflowChoices();
  const rows = choices.data?.results ?? [];
  return (
    <Field label="Workflow" required>
      {(parts) => (
        <Select
          {...parts}
          value={value}
          onChange={onChange}
          options={[
            { value: "", label: choices.isPending ? "Loading…" : "Choose one" },
            ...rows.map((row) => ({
              value: row.id,
              label: row.compile.version === null ? `${row.name} (cannot run yet)` : row.name,
              disabled: row.compile.version === null,
            })),
          ]}
        />
      )}
    </Field>
  );
}
