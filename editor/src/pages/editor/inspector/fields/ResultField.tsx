/** What something puts out: what comes by itself, one source, or an object of fields. */
import type { Standing } from "@/api/authoring";
import { isObject } from "@/contracts/json";
import { sourceKind } from "@/definition/document";
import { type Place, pointer } from "@/definition/pointer";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/inputs";
import { FieldsEditor } from "./FieldsEditor";
import { SourceField } from "./SourceField";

interface ResultFieldProps {
  label: string;
  place: Place;
  standing: Standing;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What comes out if nothing is said. */
  byItself: string;
  disabled?: boolean;
}

type Form = "itself" | "one" | "fields";

/** The choice, and what belongs to it. */
export function ResultField(props: ResultFieldProps) {
  const { label, place, standing, value, onChange, disabled = false } = props;
  const form: Form = sourceKind(value) ? "one" : isObject(value) ? "fields" : "itself";
  const choose = (next: string) => {
    if (next === form) return;
    if (next === "itself") onChange(undefined);
    else onChange(next === "one" ? { value: null } : {});
  };
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-3">
      <Field label={label}>
        {(parts) => (
          <Select
            {...parts}
            disabled={disabled}
            options={[
              { value: "itself", label: props.byItself },
              { value: "one", label: "One value" },
              { value: "fields", label: "An object of fields" },
            ]}
            value={form}
            onChange={choose}
          />
        )}
      </Field>
      {form === "one" && (
        <SourceField
          label="Value"
          place={place}
          standing={standing}
          source={sourceKind(value) ? (value as object) : undefined}
          onChange={(source) => onChange(source ?? { value: null })}
          disabled={disabled}
        />
      )}
      {form === "fields" && (
        <FieldsEditor
          label={label}
          place={place}
          standing={standing}
          fields={value}
          onChange={(fields) => onChange(fields ?? {})}
          disabled={disabled}
        />
      )}
    </div>
  );
}
