/** What else can be said about a field: words, default, bounds, choices, and what is inside it. */

import { useState } from "react";
import { isObject, type JsonObject, type JsonSchema, sameJson } from "@/contracts/json";
import { Field, type FieldParts } from "@/ui/Field";
import { Select, TextArea, TextInput } from "@/ui/inputs";
import {
  type FieldType,
  fieldTypeOf,
  TYPE_OPTIONS,
  withFieldType,
  withKeyword,
} from "./builderEdits";
import { JsonText } from "./JsonField";
import { numberFrom } from "./NumberField";
import { BuilderRows } from "./SchemaBuilder";
import { SchemaField } from "./SchemaField";
import { isSchema, numberAt, textAt } from "./types";

interface BuilderDetailsProps {
  name: string;
  schema: JsonSchema;
  type: FieldType | "custom";
  onChange: (schema: JsonSchema) => void;
  disabled: boolean;
}

const LENGTHS: [string, string][] = [
  ["minLength", "At least characters"],
  ["maxLength", "At most characters"],
];
const RANGE: [string, string][] = [
  ["minimum", "At least"],
  ["maximum", "At most"],
];
const ITEMS: [string, string][] = [
  ["minItems", "At least items"],
  ["maxItems", "At most items"],
];
const BOUNDS: Partial<Record<FieldType | "custom", [string, string][]>> = {
  text: LENGTHS,
  long: LENGTHS,
  secret: LENGTHS,
  number: RANGE,
  integer: RANGE,
  list: ITEMS,
};

/** The folded part of a row. */
export function BuilderDetails({ name, schema, type, onChange, disabled }: BuilderDetailsProps) {
  const object: JsonObject = isObject(schema) ? schema : {};
  const set = (keyword: string, value: unknown) => onChange(withKeyword(schema, keyword, value));
  if (type === "custom")
    return (
      <div className="mt-2 flex flex-col gap-1">
        <JsonText
          label={`Schema of ${name}`}
          pointer=""
          value={schema}
          onChange={(value) => isSchema(value) && onChange(value)}
        />
      </div>
    );
  return (
    <div className="mt-2 ml-3 flex flex-col gap-3 border-line border-l-2 pl-3">
      <Words
        name="title"
        label="Label"
        value={textAt(object, "title")}
        set={set}
        disabled={disabled}
      />
      <Words
        name="description"
        label="Help"
        value={textAt(object, "description")}
        set={set}
        disabled={disabled}
      />
      {type === "choice" && <Choices schema={object} set={set} disabled={disabled} />}
      {BOUNDS[type] && (
        <div className="grid grid-cols-2 gap-2">
          {BOUNDS[type].map(([keyword, label]) => (
            <Field key={keyword} label={label}>
              {(parts) => (
                <NumberBox
                  parts={parts}
                  value={numberAt(object, keyword)}
                  onChange={(number) => set(keyword, number)}
                  disabled={disabled}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      {type === "object" && <BuilderRows schema={object} onChange={onChange} disabled={disabled} />}
      {type === "list" && <EachItem schema={object} set={set} disabled={disabled} name={name} />}
      {type !== "secret" && type !== "object" && (
        <SchemaField
          schema={withoutDefault(object)}
          label="Default"
          pointer={`/${name}`}
          value={object.default}
          onChange={(value) => set("default", value)}
        />
      )}
    </div>
  );
}

interface NumberBoxProps {
  parts: FieldParts;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  disabled: boolean;
}

function NumberBox({ parts, value, onChange, disabled }: NumberBoxProps) {
  // "-" is on the way to a number and has no value of its own.
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? undefined : numberFrom(typed);
  const own =
    typed !== null &&
    (typed === "" ? value === undefined : typeof read === "string" || read === value);
  return (
    <TextInput
      {...parts}
      small
      inputMode="decimal"
      disabled={disabled}
      value={own ? typed : (value ?? "")}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        const number = numberFrom(event.target.value);
        setTyped(event.target.value);
        if (event.target.value.trim() === "") onChange(undefined);
        else if (typeof number === "number") onChange(number);
      }}
    />
  );
}

interface PartProps {
  set: (keyword: string, value: unknown) => void;
  disabled: boolean;
}

function Words(props: PartProps & { name: string; label: string; value: string | undefined }) {
  return (
    <Field label={props.label}>
      {(parts) => (
        <TextInput
          {...parts}
          small
          disabled={props.disabled}
          value={props.value ?? ""}
          onChange={(event) => props.set(props.name, event.target.value || undefined)}
        />
      )}
    </Field>
  );
}

function Choices({ schema, set, disabled }: PartProps & { schema: JsonObject }) {
  const values = Array.isArray(schema.enum) ? schema.enum : [];
  const plain = values.every((value) => typeof value === "string");
  const [typed, setTyped] = useState<string | null>(null);
  // A line that is empty still is no choice; what came from elsewhere replaces the text.
  const lines = linesOf(typed ?? "");
  const own = typed !== null && (lines.length === 0 || sameJson(lines, values));
  const text = own ? typed : values.join("\n");
  if (!plain)
    return (
      <JsonText label="Choices" pointer="/enum" value={values} onChange={(v) => set("enum", v)} />
    );
  return (
    <Field label="Choices" help="One a line.">
      {(parts) => (
        <TextArea
          {...parts}
          rows={4}
          disabled={disabled}
          value={text}
          onChange={(event) => {
            setTyped(event.target.value);
            const made = linesOf(event.target.value);
            if (made.length > 0) set("enum", made);
          }}
        />
      )}
    </Field>
  );
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

function EachItem({
  schema,
  set,
  disabled,
  name,
}: PartProps & { schema: JsonObject; name: string }) {
  const items: JsonSchema = isSchema(schema.items) ? schema.items : {};
  const type = fieldTypeOf(items);
  const options =
    type === "custom" ? [...TYPE_OPTIONS, { value: "custom", label: "Custom" }] : TYPE_OPTIONS;
  return (
    <>
      <Field label="Each item is">
        {(parts) => (
          <Select
            {...parts}
            small
            disabled={disabled}
            options={options}
            value={type}
            onChange={(next) =>
              next !== "custom" && set("items", withFieldType(items, next as FieldType))
            }
          />
        )}
      </Field>
      {type === "object" && (
        <BuilderRows schema={items} onChange={(inner) => set("items", inner)} disabled={disabled} />
      )}
      {(type === "custom" || type === "choice" || type === "list") && (
        <BuilderDetails
          name={`items of ${name}`}
          schema={items}
          type={type}
          onChange={(inner) => set("items", inner)}
          disabled={disabled}
        />
      )}
    </>
  );
}

function withoutDefault({
  default: _,
  title: __,
  description: ___,
  ...rest
}: JsonObject): JsonObject {
  return rest;
}
