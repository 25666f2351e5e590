/** How many runs go on at a time, how many begin in a span of time, and who goes first. */

import { isObject } from "@/contracts/json";
import type { DefinitionDoc } from "@/definition/document";
import { pointer } from "@/definition/pointer";
import { DurationInput } from "@/ui/DurationInput";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { FieldProblems } from "../FieldProblems";
import { TextField } from "../nodes/TextField";
import { Section } from "../Section";
import type { SetField } from "../useNodeEdit";

interface QueueingFieldsProps {
  document: DefinitionDoc;
  set: SetField;
  readOnly: boolean;
}

/** The part about queueing. */
export function QueueingFields({ document, set, readOnly }: QueueingFieldsProps) {
  const together = isObject(document.concurrency) ? document.concurrency : null;
  const rate = isObject(document.start_rate) ? document.start_rate : null;
  const key = textOf(together?.key) || textOf(rate?.key);
  const setKey = (text: string | undefined) => {
    if (together) set("concurrency", { ...together, key: text ?? null });
    if (rate) set("start_rate", { ...rate, key: text ?? null });
  };
  return (
    <Section title="Queueing" summary={together || rate ? "limited" : "no limits"}>
      <div data-place="/concurrency" className="flex flex-col gap-1">
        <CountField
          label="Runs at a time"
          value={numberOf(together?.limit)}
          placeholder="any number"
          onChange={(limit) => set("concurrency", limit ? { ...together, limit } : undefined)}
          disabled={readOnly}
        />
        <FieldProblems place={["concurrency"]} />
      </div>
      <div data-place="/start_rate" className="flex flex-col gap-1">
        <CountField
          label="Runs that begin"
          value={numberOf(rate?.limit)}
          placeholder="any number"
          onChange={(limit) => set("start_rate", limit ? { per: 60, ...rate, limit } : undefined)}
          disabled={readOnly}
        />
        {rate && (
          <Field label="In a span of">
            {(parts) => (
              <DurationInput
                {...parts}
                label="In a span of"
                value={numberOf(rate.per)}
                onChange={(per) => per && set("start_rate", { ...rate, per })}
                disabled={readOnly}
              />
            )}
          </Field>
        )}
        <FieldProblems place={["start_rate"]} />
      </div>
      {(together || rate) && (
        <TextField
          label="Counted for each"
          place={together ? ["concurrency", "key"] : ["start_rate", "key"]}
          value={key}
          placeholder="inputs.customer"
          help="An expression; each of its values has a queue of its own. Without one all runs share one."
          disabled={readOnly}
          onChange={setKey}
        />
      )}
      <div data-place={pointer("priority")} className="flex flex-col gap-1">
        <Field
          label="Priority"
          help="From -100 to 100: of those that wait the highest begins first."
        >
          {(parts) => (
            <TextInput
              {...parts}
              type="number"
              min={-100}
              max={100}
              placeholder="0"
              disabled={readOnly}
              value={numberOf(document.priority) ?? ""}
              onChange={(event) => {
                const number = event.target.valueAsNumber;
                if (event.target.value === "") set("priority", undefined);
                else if (Number.isInteger(number)) set("priority", number);
              }}
            />
          )}
        </Field>
        <FieldProblems place={["priority"]} />
      </div>
    </Section>
  );
}

interface CountFieldProps {
  label: string;
  value: number | undefined;
  placeholder: string;
  onChange: (value: number | undefined) => void;
  disabled: boolean;
}

function CountField({ label, value, placeholder, onChange, disabled }: CountFieldProps) {
  return (
    <Field label={label}>
      {(parts) => (
        <TextInput
          {...parts}
          type="number"
          min={1}
          placeholder={placeholder}
          disabled={disabled}
          value={value ?? ""}
          onChange={(event) => {
            const number = event.target.valueAsNumber;
            if (event.target.value === "") onChange(undefined);
            else if (Number.isInteger(number) && number >= 1) onChange(number);
          }}
        />
      )}
    </Field>
  );
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
