/** An object or a list that may be absent: a button until somebody wants it. */

import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/ui/Button";
import { emptyOf } from "./defaults";
import { useForm, useProblem } from "./FormContext";
import type { ControlProps } from "./SchemaField";

/** `children` with a way to leave it away, where the schema allows that. */
export function OptionalField(props: ControlProps & { children: ReactNode }) {
  const { label, schema, value, onChange, nullable, required = false, pointer } = props;
  const { root, disabled } = useForm();
  const error = useProblem(pointer);
  const optional = !required || nullable;
  const absent = value === undefined || value === null;
  const none = nullable && (required || schema.default === null) ? null : undefined;
  if (!absent)
    return (
      <div className="flex flex-col items-start gap-1 [&>fieldset]:w-full">
        {props.children}
        {optional && pointer !== "" && (
          <Button small look="quiet" icon={X} disabled={disabled} onClick={() => onChange(none)}>
            Leave out {label}
          </Button>
        )}
      </div>
    );
  return (
    <div className="flex flex-col items-start gap-1">
      <Button
        small
        icon={Plus}
        disabled={disabled}
        onClick={() => onChange(emptyOf({ ...schema, default: undefined }, root))}
      >
        Add {label}
      </Button>
      {props.help && <p className="text-muted text-xs">{props.help}</p>}
      {error && (
        <p role="alert" className="text-danger text-xs">
          {error}
        </p>
      )}
    </div>
  );
}
