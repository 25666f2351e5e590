/** One of the values that the schema lists. */

import { sameJson } from "@/contracts/json";
import { Select } from "@/ui/inputs";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import type { ControlProps } from "./SchemaField";
import type { Choice } from "./shapes";

/** The field of an enum; a value that is not listed stays, and is said to be none of them. */
export function ChoiceField(props: ControlProps & { choices: readonly Choice[] }) {
  const { pointer, value, onChange, choices, nullable, schema, required = false } = props;
  const { touch, disabled } = useForm();
  const chosen = choices.findIndex((choice) => sameJson(choice.value, value));
  const absent = value === undefined || value === null;
  const none = nullable && (required || schema.default === null) ? null : undefined;
  const options = choices.map((choice, i) => ({ value: String(i), label: choice.label }));
  if (absent || !required || nullable)
    options.unshift({ value: "", label: required ? "Choose…" : "None" });
  if (!absent && chosen < 0) options.push({ value: "odd", label: JSON.stringify(value) });
  return (
    <FormField label={props.label} help={props.help} pointer={props.pointer} required={required}>
      {(parts) => (
        <Select
          {...parts}
          disabled={disabled}
          options={options}
          value={absent ? "" : chosen < 0 ? "odd" : String(chosen)}
          onBlur={() => touch(pointer)}
          onChange={(place) => {
            if (place !== "odd") onChange(place === "" ? none : choices[Number(place)]?.value);
          }}
        />
      )}
    </FormField>
  );
}
