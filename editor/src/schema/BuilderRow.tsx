/** One field of a schema that is being drawn up: name, type, required, and the rest on demand. */

import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import type { JsonObject, JsonSchema } from "@/contracts/json";
import { Button, IconButton } from "@/ui/Button";
import { Checkbox, Select, TextInput } from "@/ui/inputs";
import { BuilderDetails } from "./BuilderDetails";
import {
  type FieldType,
  fieldTypeOf,
  moveField,
  removeField,
  requiring,
  setField,
  TYPE_OPTIONS,
  withFieldType,
} from "./builderEdits";
import { propertiesOf } from "./types";

interface BuilderRowProps {
  /** The schema of the object that the field belongs to. */
  object: JsonObject;
  name: string;
  schema: JsonSchema;
  required: boolean;
  first: boolean;
  last: boolean;
  /** Whether what else can be said about it is shown. */
  open: boolean;
  onOpen: (open: boolean) => void;
  onRename: (name: string) => void;
  onChange: (schema: JsonObject) => void;
  disabled: boolean;
}

/** The row, and what is folded away below it. */
export function BuilderRow(props: BuilderRowProps) {
  const { object, name, schema, required, open, onChange, disabled } = props;
  const id = useId();
  const type = fieldTypeOf(schema);
  const set = (inner: JsonSchema) => onChange(setField(object, name, inner));
  return (
    <div className="rounded-md border border-line bg-surface p-1.5">
      <div className="flex flex-wrap items-center gap-1">
        <IconButton
          small
          icon={open ? ChevronDown : ChevronRight}
          label={open ? `Fold ${name}` : `More about ${name}`}
          aria-expanded={open}
          onClick={() => props.onOpen(!open)}
        />
        <NameInput {...props} />
        <Select
          small
          className="w-auto!"
          aria-label={`Type of ${name}`}
          disabled={disabled}
          options={
            type === "custom"
              ? [...TYPE_OPTIONS, { value: "custom", label: "Custom" }]
              : TYPE_OPTIONS
          }
          value={type}
          onChange={(next) => {
            if (next !== "custom") set(withFieldType(schema, next as FieldType));
            if (["choice", "object", "list"].includes(next)) props.onOpen(true);
          }}
        />
        <span className="flex items-center gap-1">
          <Checkbox
            id={id}
            checked={required}
            disabled={disabled}
            onChange={(checked) => onChange(requiring(object, name, checked))}
          />
          <label htmlFor={id} className="text-xs">
            Required<span className="sr-only"> {name}</span>
          </label>
        </span>
        <IconButton
          small
          icon={Trash2}
          label={`Remove ${name}`}
          disabled={disabled}
          onClick={() => onChange(removeField(object, name))}
        />
      </div>
      {open && (
        <>
          <div className="mt-2 ml-3 flex gap-1.5">
            <Button
              small
              icon={ArrowUp}
              aria-label={`Move ${name} up`}
              disabled={disabled || props.first}
              onClick={() => onChange(moveField(object, name, -1))}
            >
              Up
            </Button>
            <Button
              small
              icon={ArrowDown}
              aria-label={`Move ${name} down`}
              disabled={disabled || props.last}
              onClick={() => onChange(moveField(object, name, 1))}
            >
              Down
            </Button>
          </div>
          <BuilderDetails
            name={name}
            schema={schema}
            type={type}
            onChange={set}
            disabled={disabled}
          />
        </>
      )}
    </div>
  );
}

function NameInput({ object, name, onRename, disabled }: BuilderRowProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? name;
  const taken = text !== name && propertiesOf(object).some(([one]) => one === text);
  const settle = () => {
    if (typed !== null && !taken && typed !== "") onRename(typed);
    setTyped(null);
  };
  return (
    <TextInput
      small
      className="w-auto! min-w-20 flex-1 basis-24 font-mono"
      aria-label={`Name of the field ${name}`}
      aria-invalid={taken || text === "" || undefined}
      title={taken ? "There is such a field already" : undefined}
      disabled={disabled}
      value={text}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={settle}
      onKeyDown={(event) => {
        if (event.key === "Enter") settle();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
