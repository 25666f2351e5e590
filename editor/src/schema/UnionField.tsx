/** A value that may be of several kinds: which one, and the field of that one. */

import { useState } from "react";
import type { JsonSchema } from "@/contracts/json";
import { Select } from "@/ui/inputs";
import { emptyOf } from "./defaults";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import { type ControlProps, SchemaField } from "./SchemaField";
import { resolved, type UnionOption } from "./shapes";
import { validate } from "./validate";

/** The picker and what it picked. */
export function UnionField(props: ControlProps & { options: readonly UnionOption[] }) {
  const { label, pointer, value, onChange, options, nullable, required = false } = props;
  const { root, disabled } = useForm();
  const [picked, setPicked] = useState<number | null>(null);
  const absent = value === undefined || value === null;
  const place = absent ? -1 : (picked ?? fitting(options, value, root));
  const chosen = options[place];
  const choices = options.map((option, i) => ({ value: String(i), label: option.label }));
  if (absent || !required || nullable)
    choices.unshift({ value: "-1", label: required && !nullable ? "Choose…" : "None" });
  return (
    <div className="flex flex-col gap-2">
      <FormField
        silent={chosen !== undefined}
        pointer={pointer}
        label={label}
        help={props.help}
        required={required}
      >
        {(parts) => (
          <Select
            {...parts}
            disabled={disabled}
            options={choices}
            value={String(place)}
            onChange={(next) => {
              const at = Number(next);
              setPicked(at < 0 ? null : at);
              const none =
                nullable && (required || props.schema.default === null) ? null : undefined;
              onChange(at < 0 ? none : beginning(options[at]?.schema, root));
            }}
          />
        )}
      </FormField>
      {chosen && (
        <div className="border-line border-l-2 pl-3">
          <SchemaField
            key={place}
            schema={chosen.schema}
            label={chosen.label}
            pointer={pointer}
            value={value}
            onChange={onChange}
            required
          />
        </div>
      )}
    </div>
  );
}

/** A chosen kind begins with something of that kind, so that the choice holds. */
function beginning(schema: JsonSchema | undefined, root: JsonSchema): unknown {
  const made = emptyOf(schema, root);
  return made === null ? 0 : made;
}

function fitting(options: readonly UnionOption[], value: unknown, root: JsonSchema): number {
  const judged = options.map(({ schema }) => {
    const made = resolved(schema, root);
    // References of an alternative point into the whole schema.
    return made ? validate(withDefinitions(made, root), value).length : 1000;
  });
  return judged.indexOf(Math.min(...judged));
}

function withDefinitions(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (typeof schema === "boolean" || typeof root === "boolean") return schema;
  const { $defs, definitions } = root;
  return { ...($defs ? { $defs } : {}), ...(definitions ? { definitions } : {}), ...schema };
}
