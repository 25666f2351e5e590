/** The fields of an object: those the schema names in its order, then those only the value has. */

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { isObject, type JsonObject } from "@/contracts/json";
import { Button, IconButton } from "@/ui/Button";
import { TextInput } from "@/ui/inputs";
import { ANY_VALUE } from "./anyValue";
import { emptyOf } from "./defaults";
import { useForm } from "./FormContext";
import { Group } from "./Group";
import { pointerTo } from "./pointers";
import { SchemaField } from "./SchemaField";
import { labelOf } from "./shapes";
import { propertiesOf, requiredOf, textAt } from "./types";

interface ObjectFieldsProps {
  label: string;
  schema: JsonObject;
  pointer: string;
  value: unknown;
  onChange: (value: unknown) => void;
  required?: boolean;
  /** The form's own object: drawn without a frame. */
  whole?: boolean;
}

/** The object as a fieldset. */
export function ObjectFields(props: ObjectFieldsProps) {
  const { label, schema, pointer, onChange, required = false, whole = false } = props;
  const { disabled } = useForm();
  const value = isObject(props.value) ? props.value : {};
  const known = propertiesOf(schema);
  const names = new Set(known.map(([name]) => name));
  const extra = Object.keys(value).filter((name) => !names.has(name));
  const more = schema.additionalProperties;
  const takesMore = more === true || isObject(more);
  const needed = requiredOf(schema);
  const set = (name: string, next: unknown) => {
    const { [name]: _, ...rest } = value;
    onChange(next === undefined ? rest : { ...value, [name]: next });
  };
  const drawable = props.value === undefined || props.value === null || isObject(props.value);
  return (
    <Group
      label={label}
      help={whole ? undefined : textAt(schema, "description")}
      required={required}
      whole={whole}
      pointer={pointer}
      inside={[...names, ...extra].map((name) => pointerTo(pointer, name))}
      value={props.value}
      onChange={onChange}
      drawable={drawable && (known.length > 0 || extra.length > 0 || takesMore || whole)}
    >
      {known.map(([name, inner]) => (
        <SchemaField
          key={name}
          schema={inner}
          label={labelOf(inner, name)}
          pointer={pointerTo(pointer, name)}
          value={value[name]}
          onChange={(next) => set(name, next)}
          required={needed.has(name)}
        />
      ))}
      {extra.map((name) => (
        <div key={`extra:${name}`} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <SchemaField
              schema={isObject(more) ? more : ANY_VALUE}
              label={name}
              pointer={pointerTo(pointer, name)}
              value={value[name]}
              onChange={(next) => set(name, next)}
              required
            />
          </div>
          <IconButton
            small
            icon={Trash2}
            label={`Remove ${name}`}
            disabled={disabled}
            onClick={() => set(name, undefined)}
          />
        </div>
      ))}
      {takesMore && <AddField value={value} schema={more} add={set} />}
      {whole && known.length === 0 && extra.length === 0 && !takesMore && (
        <p className="text-muted text-sm">Nothing to fill in.</p>
      )}
    </Group>
  );
}

interface AddFieldProps {
  value: JsonObject;
  schema: true | JsonObject;
  add: (name: string, value: unknown) => void;
}

function AddField({ value, schema, add }: AddFieldProps) {
  const { root, disabled } = useForm();
  const [name, setName] = useState("");
  const taken = Object.hasOwn(value, name);
  const submit = () => {
    if (name === "" || taken) return;
    add(name, schema === true ? "" : emptyOf(schema, root));
    setName("");
  };
  return (
    <div className="flex items-center gap-2">
      <TextInput
        small
        aria-label="Name of a new field"
        placeholder="Name of a new field"
        disabled={disabled}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          submit();
        }}
      />
      <Button
        small
        icon={Plus}
        disabled={disabled}
        disabledReason={taken ? "There is such a field already" : name ? null : "Name it first"}
        onClick={submit}
      >
        Add field
      </Button>
    </div>
  );
}
