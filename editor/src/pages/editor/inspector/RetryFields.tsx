/** How often something is tried again, and how long it waits before. */
import { isObject } from "@/contracts/json";
import { type Place, pointer } from "@/definition/pointer";
import { numberFrom } from "@/schema/NumberField";
import { DurationInput } from "@/ui/DurationInput";
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { FieldProblems } from "./FieldProblems";

interface RetryFieldsProps {
  place: Place;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What it means that nothing is set. */
  inherits: string;
  disabled: boolean;
}

const BACKOFF = [
  { value: "fixed", label: "the same each time" },
  { value: "linear", label: "longer by as much each time" },
  { value: "exponential", label: "twice as long each time" },
];

/** The fields. */
export function RetryFields({ place, value, onChange, inherits, disabled }: RetryFieldsProps) {
  const retry = isObject(value) ? value : null;
  const number = (field: string) => {
    const found = retry?.[field];
    return typeof found === "number" ? found : undefined;
  };
  const set = (field: string, next: unknown) => {
    const { [field]: _, ...rest } = retry ?? {};
    onChange(next === undefined ? rest : { ...retry, [field]: next });
  };
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-3">
      <Field label="Try again">
        {(parts) => (
          <Select
            {...parts}
            disabled={disabled}
            options={[
              { value: "", label: inherits },
              { value: "own", label: "In its own way" },
            ]}
            value={retry ? "own" : ""}
            onChange={(next) => onChange(next === "own" ? { attempts: 3, delay: 1 } : undefined)}
          />
        )}
      </Field>
      {retry && (
        <div className="flex flex-col gap-3 border-line border-l-2 pl-3">
          <Field label="Times" help="After the first try.">
            {(parts) => (
              <TextInput
                {...parts}
                type="number"
                min={0}
                placeholder="as the workflow says"
                disabled={disabled}
                value={number("attempts") ?? ""}
                onChange={(event) => {
                  const count = event.target.valueAsNumber;
                  if (event.target.value === "") set("attempts", undefined);
                  else if (Number.isInteger(count) && count >= 0) set("attempts", count);
                }}
              />
            )}
          </Field>
          <Field label="Wait before">
            {(parts) => (
              <DurationInput
                {...parts}
                label="Wait before"
                value={number("delay")}
                onChange={(seconds) => set("delay", seconds)}
                disabled={disabled}
              />
            )}
          </Field>
          <Field label="Every wait is">
            {(parts) => (
              <Select
                {...parts}
                disabled={disabled}
                options={BACKOFF}
                value={typeof retry.backoff === "string" ? retry.backoff : "fixed"}
                onChange={(next) => set("backoff", next)}
              />
            )}
          </Field>
          <Field label="Longest wait">
            {(parts) => (
              <DurationInput
                {...parts}
                label="Longest wait"
                placeholder="no limit"
                value={number("max_delay")}
                onChange={(seconds) => set("max_delay", seconds)}
                disabled={disabled}
              />
            )}
          </Field>
          <Field label="Chance" help="Share of the wait that is drawn by chance, 0 to 1.">
            {(parts) => (
              <TextInput
                {...parts}
                type="number"
                min={0}
                max={1}
                step={0.1}
                placeholder="0"
                disabled={disabled}
                value={number("jitter") ?? ""}
                onChange={(event) => {
                  const share = numberFrom(event.target.value);
                  if (event.target.value === "") set("jitter", undefined);
                  else if (typeof share === "number" && share >= 0 && share <= 1)
                    set("jitter", share);
                }}
              />
            )}
          </Field>
        </div>
      )}
      <FieldProblems place={place} />
    </div>
  );
}
