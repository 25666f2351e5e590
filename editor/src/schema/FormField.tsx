/** The frame of one control in a form: label, help, and what is wrong at its place. */

import type { ReactNode } from "react";
import { Field, type FieldParts } from "@/ui/Field";
import { useForm, useProblem } from "./FormContext";

interface FormFieldProps {
  label: string;
  pointer: string;
  help?: string | undefined;
  required?: boolean | undefined;
  /** What is wrong is said by a field inside. */
  silent?: boolean;
  children: (parts: FieldParts) => ReactNode;
}

/** The frame; in a bare form the label of the whole is for screen readers only. */
export function FormField(props: FormFieldProps) {
  const { label, pointer, help, required = false, silent = false, children } = props;
  const error = useProblem(pointer);
  const { bare } = useForm();
  const hidden = bare && pointer === "";
  return (
    <Field
      label={hidden ? <span className="sr-only">{label}</span> : label}
      help={help}
      error={silent ? null : error}
      required={required && !hidden}
    >
      {children}
    </Field>
  );
}
