/** A value that is entered into a form and sent: what it is, and whether it may go. */
import { useState } from "react";
import type { JsonSchema } from "@/contracts/json";
import { validate } from "./validate";

export interface FormValue {
  value: unknown;
  setValue: (value: unknown) => void;
  /** Some text in the form is not JSON at the moment. */
  isBroken: boolean;
  /** Returns whether the value can be sent; from now on the form shows what does not fit. */
  mayGo: () => boolean;
  /** What a `SchemaForm` for the value takes. */
  fields: {
    schema: JsonSchema | null;
    value: unknown;
    onChange: (value: unknown) => void;
    showErrors: boolean;
    onBrokenChange: (isBroken: boolean) => void;
  };
}

/** Returns the state of a form for `schema`, in which nobody has entered anything yet. */
export function useFormValue(schema: JsonSchema | null, initial: () => unknown): FormValue {
  const [value, setValue] = useState<unknown>(initial);
  const [isTried, setTried] = useState(false);
  const [isBroken, setBroken] = useState(false);
  return {
    value,
    setValue,
    isBroken,
    mayGo: () => {
      setTried(true);
      return !isBroken && (schema === null || validate(schema, value).length === 0);
    },
    fields: {
      schema,
      value,
      onChange: setValue,
      showErrors: isTried,
      onBrokenChange: setBroken,
    },
  };
}
