/** The controls that fields hold: text, choices, check marks, switches. */
import { Check } from "lucide-react";
import { Checkbox as CheckboxPrimitive, Switch as SwitchPrimitive } from "radix-ui";
import type { InputHTMLAttributes, Ref, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { classNames } from "./classNames";

const BOX =
  "w-full rounded-md border border-line-strong bg-surface text-ink placeholder:text-muted " +
  "aria-invalid:border-danger disabled:opacity-60";

type TextInputProps = InputHTMLAttributes<HTMLInputElement> & {
  small?: boolean;
  ref?: Ref<HTMLInputElement>;
};

/** One line of text, a number, a date. */
export function TextInput({ className, small = false, ...rest }: TextInputProps) {
  return (
    <input
      {...rest}
      className={classNames(BOX, small ? "h-7 px-2 text-xs" : "h-8 px-2.5 text-sm", className)}
    />
  );
}

type TextAreaProps = TextareaHTMLAttributes<HTMLTextAreaElement> & {
  ref?: Ref<HTMLTextAreaElement>;
};

/** Several lines of text. */
export function TextArea({ className, rows = 4, ...rest }: TextAreaProps) {
  return (
    <textarea
      {...rest}
      rows={rows}
      className={classNames(BOX, "px-2.5 py-1.5 text-sm", className)}
    />
  );
}

export interface Option {
  value: string;
  label: string;
  disabled?: boolean;
}

type SelectProps = Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> & {
  options: readonly Option[];
  onChange: (value: string) => void;
  small?: boolean;
};

/** One of a few: the browser's own list, which works by keyboard and on a phone. */
export function Select({ options, onChange, className, small = false, ...rest }: SelectProps) {
  return (
    <select
      {...rest}
      onChange={(event) => onChange(event.target.value)}
      className={classNames(BOX, small ? "h-7 px-1.5 text-xs" : "h-8 px-2 text-sm", className)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface CheckboxProps {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  /** Needed where no label names it. */
  "aria-label"?: string;
  id?: string;
  disabled?: boolean;
  "aria-describedby"?: string | undefined;
}

/** A check mark. */
export function Checkbox({ checked, onChange, ...rest }: CheckboxProps) {
  return (
    <CheckboxPrimitive.Root
      {...rest}
      checked={checked}
      onCheckedChange={(value) => onChange(value === true)}
      className="flex size-4.5 shrink-0 items-center justify-center rounded border border-line-strong bg-surface data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:bg-accent"
    >
      <CheckboxPrimitive.Indicator>
        {checked === "indeterminate" ? (
          <span aria-hidden className="block h-0.5 w-2.5 bg-on-accent" />
        ) : (
          <Check aria-hidden className="size-3.5 text-on-accent" strokeWidth={3} />
        )}
      </CheckboxPrimitive.Indicator>
    </CheckboxPrimitive.Root>
  );
}

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  "aria-label"?: string;
  id?: string;
  disabled?: boolean;
}

/** On or off, in effect at once. */
export function Switch({ checked, onChange, ...rest }: SwitchProps) {
  return (
    <SwitchPrimitive.Root
      {...rest}
      checked={checked}
      onCheckedChange={onChange}
      className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-60"
    >
      <SwitchPrimitive.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-ink transition-transform data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
    </SwitchPrimitive.Root>
  );
}
