/** A text: one line, several lines, an address, a date, a secret, as the schema says. */

import type { JsonObject } from "@/contracts/json";
import type { FieldParts } from "@/ui/Field";
import { TextArea, TextInput } from "@/ui/inputs";
import { MomentInput } from "@/ui/MomentInput";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import type { ControlProps } from "./SchemaField";
import { isSecret } from "./shapes";
import { numberAt, textAt } from "./types";

const LONG = 100;
const TYPES: Record<string, string> = { email: "email", uri: "url", date: "date" };

/** The field of a text. */
export function TextField(props: ControlProps) {
  const { schema, pointer, value, onChange } = props;
  const { touch, disabled } = useForm();
  const text =
    typeof value === "string"
      ? value
      : value === undefined || value === null
        ? ""
        : JSON.stringify(value);
  const change = (next: string) => onChange(next === "" ? emptyText(props) : next);
  return (
    <FormField
      label={props.label}
      help={props.help}
      pointer={props.pointer}
      required={props.required ?? false}
    >
      {(parts) => (
        <Control
          parts={parts}
          schema={schema}
          text={text}
          disabled={disabled}
          change={change}
          leave={() => touch(pointer)}
        />
      )}
    </FormField>
  );
}

interface TextControlProps {
  parts: FieldParts;
  schema: JsonObject;
  text: string;
  disabled: boolean;
  change: (text: string) => void;
  leave: () => void;
}

function Control({ parts, schema, text, disabled, change, leave }: TextControlProps) {
  const format = textAt(schema, "format") ?? "";
  const shared = { ...parts, disabled, onBlur: leave, placeholder: placeholderOf(schema) };
  if (isSecret(schema))
    return (
      <TextInput
        {...shared}
        type="password"
        autoComplete="new-password"
        value={text}
        onChange={(event) => change(event.target.value)}
      />
    );
  if (format === "date-time")
    return (
      <MomentInput {...parts} value={text} onChange={change} onBlur={leave} disabled={disabled} />
    );
  const most = numberAt(schema, "maxLength");
  if ((most !== undefined && most > LONG && format === "") || text.includes("\n"))
    return (
      <TextArea
        {...shared}
        rows={text.length > 400 ? 8 : 3}
        value={text}
        onChange={(event) => change(event.target.value)}
      />
    );
  return (
    <TextInput
      {...shared}
      type={TYPES[format] ?? "text"}
      value={text}
      onChange={(event) => change(event.target.value)}
    />
  );
}

/** What an emptied field stands for: nothing where that is meant, else an absent value. */
function emptyText({ schema, nullable, required }: ControlProps): "" | null | undefined {
  if (nullable && (required || schema.default === null)) return null;
  // An absent value would be filled in with the default again, which is not what was entered.
  return typeof schema.default === "string" && schema.default !== "" ? "" : undefined;
}

/** The first example, for a grey hint. */
export function placeholderOf(schema: JsonObject): string | undefined {
  const examples = Array.isArray(schema.examples) ? schema.examples : [schema.example];
  const first: unknown = examples[0];
  if (first === undefined || first === null) return undefined;
  return typeof first === "string" ? first : JSON.stringify(first);
}
