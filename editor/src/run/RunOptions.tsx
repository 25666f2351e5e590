/** What few people set when they start something: its turn among others, and what it is about. */
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { fieldProblem } from "./inputProblems";

export interface Options {
  priority: string;
  resourceId: string;
}

export const NO_OPTIONS: Options = { priority: "", resourceId: "" };

/** Returns the fields of a request; what is empty is left out. */
export function optionsOf({ priority, resourceId }: Options): {
  priority?: number;
  resource_id?: string;
} {
  const number = Number(priority);
  return {
    ...(priority.trim() && Number.isInteger(number) ? { priority: number } : {}),
    ...(resourceId.trim() ? { resource_id: resourceId.trim() } : {}),
  };
}

interface RunOptionsProps {
  value: Options;
  onChange: (value: Options) => void;
  /** What the server said of the request. */
  error: unknown;
}

/** The fields, folded. */
export function RunOptions({ value, onChange, error }: RunOptionsProps) {
  const said = (field: string) => fieldProblem(error, field);
  return (
    <details className="rounded-md border border-line px-3 py-2">
      <summary className="cursor-pointer text-sm">Advanced</summary>
      <div className="mt-3 flex flex-col gap-3">
        <Field
          label="Priority"
          help="Of runs that wait for their turn the highest begins first"
          error={said("priority")}
        >
          {(parts) => (
            <TextInput
              {...parts}
              type="number"
              step={1}
              value={value.priority}
              onChange={(event) => onChange({ ...value, priority: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Resource"
          help="What the run is about, such as a customer’s number; runs can be found by it"
          error={said("resource_id")}
        >
          {(parts) => (
            <TextInput
              {...parts}
              maxLength={200}
              value={value.resourceId}
              onChange={(event) => onChange({ ...value, resourceId: event.target.value })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
