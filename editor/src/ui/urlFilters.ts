/** Filters of a list that live in the address, so that a link or a reload shows the same rows.
 * What is as it is by default is left out; what is not allowed is read as the default. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

export type Filters = Record<string, string | string[]>;
type Choices<F> = Partial<Record<keyof F, readonly string[]>>;

/** Returns the filters that `params` hold; a list is written with commas. */
export function readFilters<F extends Filters>(
  params: URLSearchParams,
  defaults: F,
  choices: Choices<F> = {},
): F {
  const entries = Object.entries(defaults).map(([key, fallback]) => {
    const written = params.get(key);
    if (written === null) return [key, fallback];
    const allowed = (one: string) => choices[key]?.includes(one) ?? true;
    if (!Array.isArray(fallback)) return [key, allowed(written) ? written : fallback];
    return [key, written.split(",").filter((one) => one !== "" && allowed(one))];
  });
  return Object.fromEntries(entries) as F;
}

/** Returns `params` with `filters` in them; parameters of other things stay. */
export function writeFilters<F extends Filters>(
  params: URLSearchParams,
  filters: F,
  defaults: F,
): URLSearchParams {
  const written = new URLSearchParams(params);
  for (const [key, value] of Object.entries(filters)) {
    const text = Array.isArray(value) ? value.join(",") : value;
    if (text === String(defaults[key] ?? "")) written.delete(key);
    else written.set(key, text);
  }
  return written;
}

/** Returns the filters of the address and the function that changes some of them.
 *
 * Any change but that of the `cursor` leads to the first page.
 */
export function useUrlFilters<F extends Filters>(
  defaults: F,
  choices: Choices<F> = {},
): [F, (change: Partial<F>) => void] {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(
    () => readFilters(params, defaults, choices),
    [params, defaults, choices],
  );
  const change = useCallback(
    (some: Partial<F>) =>
      setParams(
        (before) =>
          writeFilters(
            before,
            {
              ...readFilters(before, defaults, choices),
              ...("cursor" in defaults ? { cursor: "" } : {}),
              ...some,
            },
            defaults,
          ),
        { replace: !("cursor" in some) },
      ),
    [setParams, defaults, choices],
  );
  return [filters, change];
}
