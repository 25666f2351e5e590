/** Which execution is shown on the canvas: the one in the address, so that it survives a reload. */
import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** Returns the id of the execution that is shown, if one is, and how to show another or none. */
export function useRunShown(): [string | null, (id: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const show = useCallback(
    (id: string | null) =>
      setParams(
        (before) => {
          const made = new URLSearchParams(before);
          if (id === null) made.delete("run");
          else made.set("run", id);
          return made;
        },
        { replace: true },
      ),
    [setParams],
  );
  return [params.get("run"), show];
}
