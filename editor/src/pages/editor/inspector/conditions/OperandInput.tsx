/** What a row compares with: a text, a number, yes or no, nothing, or another source. */
import { useState } from "react";
import type { Scope } from "@/api/authoring";
import { numberFrom } from "@/schema/NumberField";
import { Select, TextInput } from "@/ui/inputs";
import { ExpressionInput } from "../fields/ExpressionInput";
import type { Operand } from "./conditionText";

interface OperandInputProps {
  label: string;
  operand: Operand;
  scope: Scope | undefined;
  onWanted: () => void;
  onChange: (operand: Operand) => void;
  disabled: boolean;
}

type Kind = "text" | "number" | "yes" | "no" | "nothing" | "source";

const KINDS: { value: Kind; label: string }[] = [
  { value: "text", label: "text" },
  { value: "number", label: "number" },
  { value: "yes", label: "yes" },
  { value: "no", label: "no" },
  { value: "nothing", label: "nothing" },
  { value: "source", label: "source" },
];

/** The kind and the box that belongs to it. */
export function OperandInput(props: OperandInputProps) {
  const { label, operand, onChange, disabled } = props;
  const kind = kindOf(operand);
  const written = operand.kind === "path" ? operand.path : String(operand.value ?? "");
  return (
    <div className="flex min-w-40 flex-1 items-start gap-1.5">
      <Select
        small
        className="w-auto!"
        aria-label={`Kind of the ${label.toLowerCase()}`}
        disabled={disabled}
        options={KINDS}
        value={kind}
        onChange={(next) => onChange(as(next as Kind, written))}
      />
      {kind === "text" && (
        <TextInput
          small
          aria-label={label}
          disabled={disabled}
          value={written}
          onChange={(event) => onChange({ kind: "literal", value: event.target.value })}
        />
      )}
      {kind === "number" && <NumberBox {...props} />}
      {kind === "source" && (
        <div className="min-w-0 flex-1">
          <ExpressionInput
            label={label}
            language="path"
            scope={props.scope}
            placeholder="inputs.limit"
            value={written}
            onFocus={props.onWanted}
            onChange={(path) => onChange({ kind: "path", path })}
            disabled={disabled}
          />
        </div>
      )}
    </div>
  );
}

function NumberBox({ label, operand, onChange, disabled }: OperandInputProps) {
  const value = operand.kind === "literal" ? operand.value : null;
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? null : numberFrom(typed);
  // "-" is on the way to a number and has no value of its own.
  const text =
    typed !== null && (read === value || typeof read === "string") ? typed : String(value ?? "");
  return (
    <TextInput
      small
      aria-label={label}
      inputMode="decimal"
      disabled={disabled}
      value={text}
      onBlur={() => setTyped(null)}
      onChange={(event) => {
        const number = numberFrom(event.target.value);
        setTyped(event.target.value);
        if (typeof number === "number") onChange({ kind: "literal", value: number });
        else if (event.target.value === "") onChange({ kind: "literal", value: 0 });
      }}
    />
  );
}

function kindOf(operand: Operand): Kind {
  if (operand.kind === "path") return "source";
  if (operand.value === null) return "nothing";
  if (typeof operand.value === "boolean") return operand.value ? "yes" : "no";
  return typeof operand.value === "number" ? "number" : "text";
}

function as(kind: Kind, written: string): Operand {
  switch (kind) {
    case "number": {
      const number = numberFrom(written);
      return { kind: "literal", value: typeof number === "number" ? number : 0 };
    }
    case "yes":
    case "no":
      return { kind: "literal", value: kind === "yes" };
    case "nothing":
      return { kind: "literal", value: null };
    case "source":
      return { kind: "path", path: "" };
    default:
      return { kind: "literal", value: written };
  }
}
