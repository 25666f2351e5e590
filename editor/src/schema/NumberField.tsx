/** A number, typed freely: what is no number yet stays as it was typed and is said to be none. */

import { useState } from "react";
import { TextInput } from "@/ui/inputs";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import type { ControlProps } from "./SchemaField";
import { placeholderOf } from "./TextField";
import { numberAt } from "./types";

/** The field of a number; `whole` for an integer. */
export function NumberField(props: ControlProps & { whole: boolean }) {
  const { schema, pointer, value, onChange, whole } = props;
  const { touch, disabled } = useForm();
  // "1." and "-" are on the way to a number and have no value of their own.
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed !== null && sameNumber(typed, value) ? typed : shown(value);
  return (
    <FormField
      label={props.label}
      help={[props.help, rangeOf(props)].filter(Boolean).join(" ") || undefined}
      pointer={props.pointer}
      required={props.required ?? false}
    >
      {(parts) => (
        <TextInput
          {...parts}
          inputMode={whole ? "numeric" : "decimal"}
          autoComplete="off"
          disabled={disabled}
          placeholder={placeholderOf(schema)}
          value={text}
          onBlur={() => {
            setTyped(null);
            touch(pointer);
          }}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(enteredValue(event.target.value, props));
          }}
        />
      )}
    </FormField>
  );
}

/** The number a text stands for, the text itself where it stands for none. */
export function numberFrom(text: string): number | string {
  const trimmed = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return text;
  const number = Number(trimmed);
  // A whole number past 2**53 would silently become another one.
  const exact =
    Number.isFinite(number) && (!/^[+-]?\d+$/.test(trimmed) || Number.isSafeInteger(number));
  return exact ? number : text;
}

function enteredValue(text: string, { nullable, required, schema }: ControlProps): unknown {
  if (text.trim() !== "") return numberFrom(text);
  return nullable && (required || schema.default === null) ? null : undefined;
}

function sameNumber(text: string, value: unknown): boolean {
  if (text.trim() === "") return value === undefined || value === null;
  return numberFrom(text) === value;
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : JSON.stringify(value);
}

function rangeOf({ schema }: ControlProps): string | undefined {
  const [least, most] = [numberAt(schema, "minimum"), numberAt(schema, "maximum")];
  if (least !== undefined && most !== undefined) return `From ${least} to ${most}.`;
  if (least !== undefined && least !== 0) return `At least ${least}.`;
  return most !== undefined ? `At most ${most}.` : undefined;
}
