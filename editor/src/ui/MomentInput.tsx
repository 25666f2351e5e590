/**
 * A moment: date and time in this browser's zone, kept as ISO text with the zone in it.
 * Text it cannot read stays as it is, in a box of its own.
 */

import { TextInput } from "./inputs";

interface MomentInputProps {
  /** ISO 8601, or anything somebody wrote there; "" for none. */
  value: string;
  /** Gets ISO 8601 with the zone's offset, or "". */
  onChange: (value: string) => void;
  onBlur?: () => void;
  disabled?: boolean;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
  "aria-required"?: true | undefined;
}

/** The input, with the zone that it is in. */
export function MomentInput({ value, onChange, ...rest }: MomentInputProps) {
  const local = value === "" ? "" : localText(value);
  if (local === null)
    return <TextInput {...rest} value={value} onChange={(event) => onChange(event.target.value)} />;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TextInput
        {...rest}
        type="datetime-local"
        step={1}
        className="w-auto! flex-1"
        value={local}
        onChange={(event) => onChange(withZone(event.target.value))}
      />
      <span className="text-muted text-xs">{zoneName()}</span>
    </div>
  );
}

/** The name of this browser's zone, such as Europe/Berlin. */
export function zoneName(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `text` as `datetime-local` wants it, in this browser's zone; null if it is no moment. */
export function localText(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d)?/i.test(text)) return null;
  // A time without a zone means UTC everywhere in a definition.
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(text.slice(10))
    ? text
    : `${text.length === 10 ? `${text}T00:00:00` : text}Z`;
  const at = new Date(zoned.replace(" ", "T"));
  if (Number.isNaN(at.getTime())) return null;
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** A `datetime-local` text with the offset that this browser's zone has then. */
export function withZone(local: string): string {
  if (local === "") return "";
  const at = new Date(local);
  if (Number.isNaN(at.getTime())) return local;
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const two = (number: number) => String(Math.trunc(number)).padStart(2, "0");
  const offset = `${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${local.length === 16 ? `${local}:00` : local}${minutes === 0 ? "Z" : offset}`;
}
