/** A span of time as a number and a unit; kept in seconds. */

import { useState } from "react";
import { Select, TextInput } from "./inputs";

const UNITS = { s: 1, min: 60, h: 3_600, d: 86_400 } as const;
type Unit = keyof typeof UNITS;

const OPTIONS = [
  { value: "s", label: "seconds" },
  { value: "min", label: "minutes" },
  { value: "h", label: "hours" },
  { value: "d", label: "days" },
];

interface DurationInputProps {
  /** Seconds; undefined for none. */
  value: number | undefined;
  onChange: (seconds: number | undefined) => void;
  onBlur?: () => void;
  disabled?: boolean;
  /** Names the number and, with "unit of" before it, the unit. */
  label: string;
  placeholder?: string;
  id?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
  "aria-required"?: true | undefined;
}

/** The two boxes. */
export function DurationInput({ value, onChange, label, disabled, ...rest }: DurationInputProps) {
  const [unit, setUnit] = useState<Unit>(() => unitOf(value));
  // "1." is on the way to a number and has no value of its own.
  const [typed, setTyped] = useState<string | null>(null);
  const shown = value === undefined ? "" : String(rounded(value / UNITS[unit]));
  const text = typed !== null && numberOf(typed, unit) === value ? typed : shown;
  return (
    <div className="flex gap-1.5">
      <TextInput
        {...rest}
        {...(rest.id ? {} : { "aria-label": label })}
        inputMode="decimal"
        disabled={disabled}
        value={text}
        onChange={(event) => {
          const seconds = numberOf(event.target.value, unit);
          if (seconds === null) return;
          setTyped(event.target.value);
          onChange(seconds);
        }}
      />
      <Select
        className="w-auto!"
        aria-label={`Unit of ${label}`}
        disabled={disabled}
        options={OPTIONS}
        value={unit}
        onChange={(next) => {
          const chosen = next as Unit;
          setUnit(chosen);
          setTyped(null);
          // What was meant is the number: 5 seconds become 5 minutes.
          if (value !== undefined) onChange(rounded((value / UNITS[unit]) * UNITS[chosen]));
        }}
      />
    </div>
  );
}

/** Returns the largest unit in which `seconds` is a whole number. */
export function unitOf(seconds: number | undefined): Unit {
  if (!seconds) return "s";
  const units: Unit[] = ["d", "h", "min"];
  return units.find((unit) => Number.isInteger(seconds / UNITS[unit])) ?? "s";
}

/** Seconds; undefined for an empty text, null for one that is no number. */
function numberOf(text: string, unit: Unit): number | undefined | null {
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? rounded(number * UNITS[unit]) : null;
}

function rounded(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}
