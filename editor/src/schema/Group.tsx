/** A named group of fields, which can be turned into JSON text and back. */

import { Braces, List } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/ui/Button";
import { useForm, useProblem } from "./FormContext";
import { JsonText } from "./JsonField";

interface GroupProps {
  label: string;
  help?: string | undefined;
  required?: boolean;
  pointer: string;
  /** Pointers of what is drawn inside; problems elsewhere are shown here. */
  inside: readonly string[];
  value: unknown;
  onChange: (value: unknown) => void;
  /** Whether the value can be drawn as fields at all. */
  drawable: boolean;
  /** The whole form: no frame, and the label is for screen readers only. */
  whole?: boolean;
  children: ReactNode;
}

/** The group; as fields or as text. */
export function Group(props: GroupProps) {
  const { label, pointer, value, onChange, whole = false } = props;
  const { disabled, rawSwitch } = useForm();
  const [raw, setRaw] = useState(false);
  const asText = raw || !props.drawable;
  const error = useProblem(pointer, asText ? [] : props.inside);
  return (
    <fieldset className={whole ? "flex flex-col gap-4" : "rounded-lg border border-line px-3 pb-3"}>
      <legend className={whole ? "sr-only" : "px-1 font-medium text-sm"}>
        {label}
        {props.required && !whole && <span className="text-danger"> *</span>}
      </legend>
      <div className="flex flex-col gap-3">
        {props.help && <p className="text-muted text-xs">{props.help}</p>}
        {error && (
          <p role="alert" className="text-danger text-xs">
            {error}
          </p>
        )}
        {asText ? (
          <JsonText
            label={`${label} as JSON`}
            pointer={pointer}
            value={value}
            onChange={onChange}
          />
        ) : (
          props.children
        )}
        {rawSwitch && props.drawable && (
          <Button
            small
            look="quiet"
            icon={raw ? List : Braces}
            className="self-end"
            disabled={disabled}
            aria-label={raw ? `${label}: show fields` : `${label}: edit as JSON`}
            onClick={() => setRaw(!raw)}
          >
            {raw ? "Fields" : "JSON"}
          </Button>
        )}
      </div>
    </fieldset>
  );
}
