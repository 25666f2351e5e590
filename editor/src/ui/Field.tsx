/** A labelled place for one value, with help and the error that belongs to it. */
import { type ReactNode, useId } from "react";

export interface FieldParts {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
}

interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Beside the label, at the end of its line. */
  aside?: ReactNode;
  /** Gets what ties the control to its label, help and error. */
  children: (parts: FieldParts) => ReactNode;
}

/** A field. */
export function Field({ label, help, error, required = false, aside, children }: FieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline gap-2">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
          {required && (
            <span className="text-danger" title="required">
              {" *"}
            </span>
          )}
        </label>
        {aside && <span className="ml-auto">{aside}</span>}
      </div>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required || undefined,
      })}
      {help && (
        <p id={`${id}-help`} className="text-muted text-xs">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-danger text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
