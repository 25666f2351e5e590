/** Fields with a source each: those a schema names in its order, and others by any name. */
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Standing } from "@/api/authoring";
import type { JsonSchema } from "@/contracts/json";
import { isObject } from "@/contracts/json";
import { type Source, sourceKind } from "@/definition/document";
import type { Place } from "@/definition/pointer";
import { labelOf, shapeOf } from "@/schema/shapes";
import { propertiesOf, requiredOf, textAt } from "@/schema/types";
import { Button, IconButton } from "@/ui/Button";
import { TextInput } from "@/ui/inputs";
import { FieldName } from "./FieldName";
import { SourceField } from "./SourceField";

export type Fields = Record<string, Source>;

interface FieldsEditorProps {
  /** What the fields are of, for screen readers: "input". */
  label: string;
  place: Place;
  standing: Standing;
  fields: unknown;
  /** undefined: no field is set any more. */
  onChange: (fields: Fields | undefined) => void;
  /** Of the object that the fields make. */
  schema?: JsonSchema | null;
  /** What a known field that is not set means. */
  unset?: string;
  /** Renames a field and what reads it; without it only the field itself is renamed. */
  onRename?: (name: string, next: string) => void;
  disabled?: boolean;
}

/** The rows. */
export function FieldsEditor(props: FieldsEditorProps) {
  const { place, standing, onChange, schema = null, disabled = false } = props;
  const fields = fieldsOf(props.fields);
  const shape = schema === null ? null : shapeOf(schema);
  const known = shape ? propertiesOf(shape.schema) : [];
  const required = shape ? requiredOf(shape.schema) : new Set<string>();
  const names = new Set(known.map(([name]) => name));
  const free = Object.keys(fields).filter((name) => !names.has(name));
  const taken = new Set([...names, ...Object.keys(fields)]);
  const takesMore = shape === null || shape.schema.additionalProperties !== false;
  return (
    <div className="flex flex-col gap-4">
      {known.map(([name, inner]) => (
        <SourceField
          key={name}
          label={labelOf(inner, name)}
          place={[...place, name]}
          standing={standing}
          source={fields[name]}
          schema={withRoot(inner, schema)}
          required={required.has(name)}
          help={helpOf(inner, schema)}
          unset={props.unset ?? ""}
          onChange={(source) => onChange(withSource(fields, name, source))}
          disabled={disabled}
        />
      ))}
      {free.map((name, at) => (
        <SourceField
          // A row keeps its place while it is renamed.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
          key={`free ${at}`}
          label={name}
          place={[...place, name]}
          standing={standing}
          source={fields[name]}
          onChange={(source) => onChange(withSource(fields, name, source ?? { value: null }))}
          disabled={disabled}
          name={
            <FieldName
              name={name}
              taken={taken}
              disabled={disabled}
              onRename={(next) =>
                props.onRename ? props.onRename(name, next) : onChange(renamed(fields, name, next))
              }
            />
          }
          aside={
            <IconButton
              small
              icon={Trash2}
              label={`Remove ${name}`}
              disabled={disabled}
              onClick={() => onChange(withSource(fields, name, undefined))}
            />
          }
        />
      ))}
      {takesMore && !disabled && (
        <NewField
          label={props.label}
          taken={taken}
          onAdd={(name) => onChange({ ...fields, [name]: { value: "" } })}
        />
      )}
    </div>
  );
}

/** Returns the fields of `value` that are sources. */
export function fieldsOf(value: unknown): Fields {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, Source] => sourceKind(entry[1]) !== null,
    ),
  );
}

/** Returns `fields` with the source of one set, or taken away; undefined when none is left. */
export function withSource(
  fields: Fields,
  name: string,
  source: Source | undefined,
): Fields | undefined {
  if (source) return { ...fields, [name]: source };
  const { [name]: _, ...rest } = fields;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

/** Returns `fields` in their order with one called otherwise. */
function renamed(fields: Fields, name: string, next: string): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, source]) => [key === name ? next : key, source]),
  );
}

interface NewFieldProps {
  label: string;
  taken: ReadonlySet<string>;
  onAdd: (name: string) => void;
}

function NewField({ label, taken, onAdd }: NewFieldProps) {
  const [name, setName] = useState("");
  const add = () => {
    if (name === "" || taken.has(name)) return;
    onAdd(name);
    setName("");
  };
  return (
    <div className="flex gap-1.5">
      <TextInput
        small
        aria-label={`Name of a new field of ${label}`}
        placeholder="Name of a field"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          add();
        }}
      />
      <Button
        small
        icon={Plus}
        disabledReason={taken.has(name) ? "There is such a field" : name ? null : "Name it first"}
        onClick={add}
      >
        Add field
      </Button>
    </div>
  );
}

/** A part of a schema that can stand alone: references need the definitions of the whole. */
function withRoot(inner: JsonSchema, root: JsonSchema | null): JsonSchema {
  if (typeof inner === "boolean" || root === null || typeof root === "boolean") return inner;
  const { $defs, definitions } = root;
  return { ...($defs ? { $defs } : {}), ...(definitions ? { definitions } : {}), ...inner };
}

function helpOf(inner: JsonSchema, root: JsonSchema | null): string | undefined {
  const { schema } = shapeOf(inner, root ?? inner);
  const said = textAt(schema, "description");
  const given = schema.default;
  if (given === undefined || given === null || typeof given === "object") return said;
  return [said, `Default: ${String(given)}`].filter(Boolean).join(" ");
}
