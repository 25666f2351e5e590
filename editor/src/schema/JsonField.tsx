/** A value as JSON text.  What does not parse stays in the box and is not handed on. */

import { useEffect, useState } from "react";
import { sameJson } from "@/contracts/json";
import type { FieldParts } from "@/ui/Field";
import { TextArea } from "@/ui/inputs";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import type { ControlProps } from "./SchemaField";

/** The field of a value of any kind. */
export function JsonField(props: ControlProps) {
  return (
    <FormField
      label={props.label}
      help={props.help ?? 'JSON, such as "text", 12 or {"key": true}'}
      pointer={props.pointer}
      required={props.required ?? false}
    >
      {(parts) => (
        <JsonText
          label={props.label}
          parts={parts}
          pointer={props.pointer}
          value={props.value}
          onChange={props.onChange}
        />
      )}
    </FormField>
  );
}

interface JsonTextProps {
  label: string;
  parts?: FieldParts;
  pointer: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** The box alone, with what keeps its text from being JSON below it. */
export function JsonText({ label, parts, pointer, value, onChange }: JsonTextProps) {
  const { touch, setBroken, disabled } = useForm();
  const [text, setText] = useState(() => written(value));
  const [known, setKnown] = useState(value);
  const problem = problemOf(text);
  // A value that came from elsewhere replaces the text; one that came from here is the text.
  if (!Object.is(known, value)) {
    setKnown(value);
    if (problem === null && !sameJson(parsed(text), value)) setText(written(value));
  }
  useEffect(() => () => setBroken(pointer, false), [pointer, setBroken]);
  const change = (next: string) => {
    setText(next);
    const broken = problemOf(next) !== null;
    setBroken(pointer, broken);
    if (broken) return;
    const made = parsed(next);
    setKnown(made);
    onChange(made);
  };
  return (
    <>
      <TextArea
        {...(parts ?? { "aria-label": label })}
        className="font-mono text-xs"
        spellCheck={false}
        rows={Math.min(16, Math.max(3, text.split("\n").length))}
        disabled={disabled}
        value={text}
        onBlur={() => touch(`${pointer}/*`)}
        onChange={(event) => change(event.target.value)}
      />
      {problem && (
        <p role="alert" className="text-danger text-xs">
          {problem}
        </p>
      )}
    </>
  );
}

function written(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

function parsed(text: string): unknown {
  return text.trim() === "" ? undefined : JSON.parse(text);
}

function problemOf(text: string): string | null {
  try {
    parsed(text);
    return null;
  } catch (error) {
    return `This is not JSON yet: ${error instanceof Error ? error.message : String(error)}`;
  }
}
