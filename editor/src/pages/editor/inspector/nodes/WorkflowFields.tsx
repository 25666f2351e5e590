/** A node that runs another workflow: which one, which version. */
import { Link } from "react-router";
import { useWorkflowChoices } from "@/api/workflows";
import { pointer } from "@/definition/pointer";
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { FieldProblems } from "../FieldProblems";
import { type NodeFieldsProps, numberIn, textIn } from "./types";

/** The fields of a node that nests a workflow. */
export function WorkflowFields({ node, place, set, readOnly }: NodeFieldsProps) {
  const id = textIn(node, "workflow");
  return (
    <>
      <WorkflowChoice
        label="Workflow"
        place={[...place, "workflow"]}
        value={id}
        onChange={(next) => set("workflow", next)}
        disabled={readOnly}
      />
      <div data-place={pointer(...place, "version")} className="flex flex-col gap-1">
        <Field label="Version" help="Without one: the version that is published when it runs.">
          {(parts) => (
            <TextInput
              {...parts}
              type="number"
              min={1}
              step={1}
              placeholder="published"
              disabled={readOnly}
              value={numberIn(node, "version") ?? ""}
              onChange={(event) => {
                const number = event.target.valueAsNumber;
                if (event.target.value === "") set("version", undefined);
                else if (Number.isInteger(number) && number > 0) set("version", number);
              }}
            />
          )}
        </Field>
        <FieldProblems place={[...place, "version"]} />
      </div>
    </>
  );
}

interface WorkflowChoiceProps {
  label: string;
  place: (string | number)[];
  value: string;
  onChange: (id: string) => void;
  disabled: boolean;
  /** What it means that none is chosen. */
  none?: string;
  help?: string;
}

/** A choice among the workflows that one may see; one that is not among them stays. */
export function WorkflowChoice(props: WorkflowChoiceProps) {
  const { label, place, value, onChange, disabled, none } = props;
  const { data } = useWorkflowChoices();
  const rows = data?.results ?? [];
  const options = rows.map((row) => ({ value: row.id, label: row.name }));
  if (value && !rows.some((row) => row.id === value)) options.unshift({ value, label: value });
  options.unshift({ value: "", label: none ?? "Choose…" });
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-1">
      <Field
        label={label}
        help={props.help}
        required={none === undefined}
        aside={
          value && (
            <Link
              to={`/workflows/${encodeURIComponent(value)}`}
              className="text-accent text-xs underline"
            >
              Open
            </Link>
          )
        }
      >
        {(parts) => (
          <Select
            {...parts}
            options={options}
            value={value}
            disabled={disabled}
            onChange={onChange}
          />
        )}
      </Field>
      <FieldProblems place={place} />
    </div>
  );
}
