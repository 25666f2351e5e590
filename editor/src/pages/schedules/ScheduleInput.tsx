/** What each execution of a schedule is given, by the form of its workflow. */
import { useEffect } from "react";
import { usePreflight } from "@/api/startExecution";
import { asksNothing, inputProblems } from "@/run/inputProblems";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { messageOf, Skeleton } from "@/ui/placeholders";

interface ScheduleInputProps {
  workflow: string;
  /** `undefined` begins with the defaults. */
  value: unknown;
  onChange: (value: unknown) => void;
  /** What the server said. */
  error: unknown;
  onBrokenChange: (broken: boolean) => void;
}

/** The form; one line where the workflow asks for nothing. */
export function ScheduleInput(props: ScheduleInputProps) {
  const { workflow, value, onChange, error, onBrokenChange } = props;
  const preflight = usePreflight(workflow);
  const schema = preflight.data?.input_schema;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the schema has come
  useEffect(() => {
    if (schema && value === undefined) onChange(defaultsOf(schema) ?? {});
  }, [schema]);
  if (preflight.error) {
    return <p className="text-danger text-sm">{messageOf(preflight.error)}</p>;
  }
  if (!schema) return <Skeleton lines={2} />;
  if (asksNothing(schema)) {
    return <p className="text-muted text-sm">This workflow asks for no input.</p>;
  }
  return (
    <fieldset className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <legend className="px-1 font-medium text-sm">Input of each execution</legend>
      <SchemaForm
        schema={schema}
        value={value}
        onChange={onChange}
        errors={inputProblems(error, "/input")}
        label="Input"
        onBrokenChange={onBrokenChange}
      />
    </fieldset>
  );
}
