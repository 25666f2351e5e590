/**
 * A form made from a JSON Schema: one control per field, problems at the field they belong to.
 * Draws no `<form>` and no button; refuses to guess: what it does not know is edited as JSON.
 */

import { useCallback, useEffect, useMemo, useState } from "react";
import { isObject, type JsonSchema } from "@/contracts/json";
import { FormContext, type FormState } from "./FormContext";
import { ObjectFields } from "./ObjectFields";
import { keysOf } from "./pointers";
import { SchemaField } from "./SchemaField";
import { shapeOf } from "./shapes";
import type { ValueProblem } from "./types";
import { validate } from "./validate";

export interface SchemaFormProps {
  /** Without one the value is edited as JSON. */
  schema: JsonSchema | undefined | null;
  value: unknown;
  onChange: (value: unknown) => void;
  /** What the server said; each is shown until the value at its place changes. */
  errors?: readonly ValueProblem[];
  /** Shows the problems of fields nobody has touched, too. */
  showErrors?: boolean;
  disabled?: boolean;
  /** Accessible name of the whole. */
  label?: string;
  /** Whether objects and lists can be turned into JSON text; true unless told. */
  rawSwitch?: boolean;
  /** The label of a value that is no object stands outside already. */
  bare?: boolean;
  /** Told whether some text in the form is not JSON at the moment. */
  onBrokenChange?: (broken: boolean) => void;
}

const NO_ERRORS: readonly ValueProblem[] = [];

/** The form; controlled by `value` and `onChange`. */
export function SchemaForm(props: SchemaFormProps) {
  const { value, onChange, errors = NO_ERRORS, showErrors = false, disabled = false } = props;
  const { label = "Value", rawSwitch = true, bare = false, onBrokenChange } = props;
  const schema: JsonSchema = props.schema ?? true;
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [broken, setBroken] = useState<ReadonlySet<string>>(new Set());
  const answered = useAnswered(errors, value);
  const markBroken = useCallback(
    (pointer: string, is: boolean) =>
      setBroken((before) => {
        if (before.has(pointer) === is) return before;
        return is
          ? new Set([...before, pointer])
          : new Set([...before].filter((one) => one !== pointer));
      }),
    [],
  );
  const anyBroken = broken.size > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told on change, not on every render
  useEffect(() => onBrokenChange?.(anyBroken), [anyBroken]);

  const own = useMemo(() => validate(schema, value), [schema, value]);
  const form: FormState = {
    root: schema,
    disabled,
    rawSwitch,
    bare,
    problems: [
      ...answered,
      ...own.filter(
        ({ pointer }) =>
          (showErrors || isTouched(pointer, touched)) &&
          !answered.some((one) => one.pointer === pointer),
      ),
    ],
    touch: (pointer) => {
      if (!touched.has(pointer)) setTouched(new Set([...touched, pointer]));
    },
    setBroken: markBroken,
  };
  const shape = shapeOf(schema);
  return (
    <FormContext.Provider value={form}>
      {shape.kind === "object" && !shape.nullable ? (
        <ObjectFields
          whole
          label={label}
          schema={shape.schema}
          pointer=""
          value={value}
          onChange={onChange}
        />
      ) : (
        <SchemaField
          schema={schema}
          label={label}
          pointer=""
          value={value}
          onChange={onChange}
          required
        />
      )}
    </FormContext.Provider>
  );
}

/** The server's problems at places whose value has not changed since they came. */
function useAnswered(errors: readonly ValueProblem[], value: unknown): readonly ValueProblem[] {
  const [answer, setAnswer] = useState({ errors, value });
  if (answer.errors !== errors) setAnswer({ errors, value });
  const then = answer.errors === errors ? answer.value : value;
  return errors.filter(({ pointer }) => valueAt(then, pointer) === valueAt(value, pointer));
}

function valueAt(value: unknown, pointer: string): unknown {
  return keysOf(pointer).reduce<unknown>((found, key) => {
    if (Array.isArray(found)) return found[Number(key)];
    return isObject(found) ? found[key] : undefined;
  }, value);
}

function isTouched(pointer: string, touched: ReadonlySet<string>): boolean {
  if (touched.has(pointer)) return true;
  // A list or JSON text is touched as a whole, its items are not told apart then.
  return [...touched].some((one) => one.endsWith("/*") && pointer.startsWith(one.slice(0, -2)));
}
