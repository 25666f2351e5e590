/** Yes or no: a check mark, or two choices where one must be made and none is given. */

import { Checkbox, Select } from "@/ui/inputs";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import type { ControlProps } from "./SchemaField";

const CHOICES = [
  { value: "", label: "Choose…" },
  { value: "yes", label: "Yes" },
  { value: "no", label: "No" },
];

/** The field of a boolean. */
export function YesNoField(props: ControlProps) {
  const { schema, pointer, value, onChange, required = false } = props;
  const { touch, disabled } = useForm();
  const mustChoose = (required && typeof schema.default !== "boolean") || props.nullable;
  const oddValue = value !== undefined && value !== null && typeof value !== "boolean";
  if (!mustChoose && !oddValue)
    return (
      <FormField label={props.label} help={props.help} pointer={props.pointer} required={required}>
        {(parts) => (
          <Checkbox
            id={parts.id}
            aria-describedby={parts["aria-describedby"]}
            disabled={disabled}
            checked={value === true}
            onChange={(checked) => {
              onChange(checked);
              touch(pointer);
            }}
          />
        )}
      </FormField>
    );
  const none = props.nullable && (required || schema.default === null) ? null : undefined;
  return (
    <FormField label={props.label} help={props.help} pointer={props.pointer} required={required}>
      {(parts) => (
        <Select
          {...parts}
          disabled={disabled}
          options={
            oddValue ? [...CHOICES, { value: "odd", label: JSON.stringify(value) }] : CHOICES
          }
          value={oddValue ? "odd" : value === true ? "yes" : value === false ? "no" : ""}
          onBlur={() => touch(pointer)}
          onChange={(word) => onChange(word === "" ? none : word === "yes")}
        />
      )}
    </FormField>
  );
}
