/** A plain text of a node or of the workflow, with the problems at its place. */
import type { Place } from "@/definition/pointer";
import { pointer } from "@/definition/pointer";
import { Field } from "@/ui/Field";
import { TextArea, TextInput } from "@/ui/inputs";
import { FieldProblems } from "../FieldProblems";

interface TextFieldProps {
  label: string;
  place: Place;
  value: string;
  /** undefined for an emptied field. */
  onChange: (value: string | undefined) => void;
  onBlur?: () => void;
  help?: string;
  required?: boolean;
  long?: boolean;
  placeholder?: string;
  disabled?: boolean;
  /** Values to choose from; others can be written. */
  suggestions?: readonly { value: string; label: string }[];
}

/** The field. */
export function TextField(props: TextFieldProps) {
  const { label, place, value, onChange, suggestions } = props;
  const shared = {
    value,
    disabled: props.disabled,
    placeholder: props.placeholder,
    onBlur: props.onBlur,
  };
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-1">
      <Field label={label} help={props.help} required={props.required ?? false}>
        {(parts) =>
          props.long ? (
            <TextArea
              {...parts}
              {...shared}
              rows={2}
              className="field-sizing-content max-h-60"
              onChange={(event) => onChange(event.target.value || undefined)}
            />
          ) : (
            <>
              <TextInput
                {...parts}
                {...shared}
                list={suggestions ? `${parts.id}-list` : undefined}
                onChange={(event) => onChange(event.target.value || undefined)}
              />
              {suggestions && (
                <datalist id={`${parts.id}-list`}>
                  {suggestions.map((one) => (
                    <option key={one.value} value={one.value}>
                      {one.label}
                    </option>
                  ))}
                </datalist>
              )}
            </>
          )
        }
      </Field>
      <FieldProblems place={place} />
    </div>
  );
}
