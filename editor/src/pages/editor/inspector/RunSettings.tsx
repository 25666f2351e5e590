/** How a node runs: tries, time, what follows a failure, where, and for whom it waits. */
import { type Place, pointer } from "@/definition/pointer";
import { DurationInput } from "@/ui/DurationInput";
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { FieldProblems } from "./FieldProblems";
import { TextField } from "./nodes/TextField";
import { type NodeFieldsProps, numberIn, textIn } from "./nodes/types";
import { RetryFields } from "./RetryFields";
import { Section } from "./Section";

const ON_ERROR = [
  { value: "fail", label: "The workflow fails" },
  { value: "continue", label: "It goes on, with the error as output" },
  { value: "skip", label: "It goes on, with the step skipped" },
];

/** The part of the inspector about limits and failures. */
export function RunSettings({ node, place, set, readOnly }: NodeFieldsProps) {
  const said = ["retry", "timeout", "on_error", "queue", "join"].filter(
    (field) => node[field] !== undefined && node[field] !== null,
  );
  return (
    <Section
      title="Limits and failures"
      summary={said.length > 0 ? said.join(", ").replace("_", " ") : "as usual"}
    >
      <RetryFields
        place={[...place, "retry"]}
        value={node.retry}
        onChange={(value) => set("retry", value)}
        inherits="As the workflow says"
        disabled={readOnly}
      />
      <TimeoutField
        place={[...place, "timeout"]}
        value={numberIn(node, "timeout")}
        help={node.type === "wait_for_event" ? "How long it waits for the event." : "For one try."}
        onChange={(value) => set("timeout", value)}
        disabled={readOnly}
      />
      <div data-place={pointer(...place, "on_error")} className="flex flex-col gap-1">
        <Field label="When it fails">
          {(parts) => (
            <Select
              {...parts}
              options={ON_ERROR}
              value={textIn(node, "on_error") || "fail"}
              disabled={readOnly}
              onChange={(next) => set("on_error", next)}
            />
          )}
        </Field>
        <FieldProblems place={[...place, "on_error"]} />
      </div>
      <JoinField
        place={[...place, "join"]}
        value={node.join}
        onChange={(value) => set("join", value)}
        disabled={readOnly}
      />
      <TextField
        label="Queue"
        place={[...place, "queue"]}
        value={textIn(node, "queue")}
        placeholder="the usual one"
        help="Which workers run it."
        disabled={readOnly}
        onChange={(value) => set("queue", value)}
      />
    </Section>
  );
}

interface PartProps<T> {
  place: Place;
  value: T;
  onChange: (value: unknown) => void;
  disabled: boolean;
}

/** A timeout with its unit. */
export function TimeoutField(props: PartProps<number | undefined> & { help: string }) {
  return (
    <div data-place={pointer(...props.place)} className="flex flex-col gap-1">
      <Field label="Timeout" help={props.help}>
        {(parts) => (
          <DurationInput
            {...parts}
            label="Timeout"
            placeholder="none"
            value={props.value}
            // Nothing can be done in no time: the server takes what is more than that.
            onChange={(seconds) => props.onChange(seconds === 0 ? undefined : seconds)}
            disabled={props.disabled}
          />
        )}
      </Field>
      <FieldProblems place={props.place} />
    </div>
  );
}

function JoinField({ place, value, onChange, disabled }: PartProps<unknown>) {
  const form = typeof value === "number" ? "n" : value === "any" ? "any" : "all";
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-1">
      <Field label="Begins after" help="Of several steps that lead here.">
        {(parts) => (
          <div className="flex gap-1.5">
            <Select
              {...parts}
              options={[
                { value: "all", label: "all of them" },
                { value: "any", label: "the first of them" },
                { value: "n", label: "so many of them" },
              ]}
              value={form}
              disabled={disabled}
              onChange={(next) => onChange(next === "n" ? 2 : next)}
            />
            {form === "n" && (
              <TextInput
                className="w-20!"
                type="number"
                min={1}
                aria-label="How many"
                disabled={disabled}
                value={String(value)}
                onChange={(event) => {
                  const number = event.target.valueAsNumber;
                  if (Number.isInteger(number) && number >= 1) onChange(number);
                }}
              />
            )}
          </div>
        )}
      </Field>
      <FieldProblems place={place} />
    </div>
  );
}
