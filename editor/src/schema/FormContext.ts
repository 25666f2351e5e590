/** What every field of one form shares: the root schema, the problems to show, who was touched. */

import { createContext, useContext } from "react";
import type { JsonSchema } from "@/contracts/json";
import { isWithin } from "./pointers";
import type { ValueProblem } from "./types";

export interface FormState {
  readonly root: JsonSchema;
  /** Those that are to be seen now. */
  readonly problems: readonly ValueProblem[];
  readonly disabled: boolean;
  readonly rawSwitch: boolean;
  /** Whether the label of a value that is no object is left to what stands around the form. */
  readonly bare: boolean;
  /** The field at `pointer` was left: from now on its problems show. */
  readonly touch: (pointer: string) => void;
  /** The text at `pointer` is not JSON at the moment, or is again. */
  readonly setBroken: (pointer: string, broken: boolean) => void;
}

export const FormContext = createContext<FormState>({
  root: true,
  problems: [],
  disabled: false,
  rawSwitch: true,
  bare: false,
  touch: () => undefined,
  setBroken: () => undefined,
});

/** The state of the form this field stands in. */
export function useForm(): FormState {
  return useContext(FormContext);
}

/** What is wrong at `pointer` and below it, but not below any of `children`; one sentence or null. */
export function useProblem(pointer: string, children: readonly string[] = []): string | null {
  const { problems } = useForm();
  const own = problems.filter(
    (problem) =>
      isWithin(problem.pointer, pointer) &&
      !children.some((child) => isWithin(problem.pointer, child)),
  );
  if (own.length === 0) return null;
  const said = own.slice(0, 3).map(({ message }) => message);
  return [...new Set(said)].join(" · ");
}
