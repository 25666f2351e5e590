/** What is selected on the page of a run: kept in the URL, so that links lead to it. */
import { useCallback } from "react";
import { useSearchParams } from "react-router";

export interface Selection {
  /** The run of a step; `null` for the run as a whole, `undefined` while nobody has chosen. */
  key: string | null | undefined;
  /** The nested execution it is of; `null` for the page's own. */
  within: string | null;
  /** The open tab of the page, and that of the inspector. */
  tab: string;
  part: string;
  select: (key: string | null, within?: string | null) => void;
  show: (tab: string) => void;
  showPart: (part: string) => void;
}

/** Returns what is selected, and what selects. */
export function useSelection(): Selection {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: Record<string, string | null>) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value === null) next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const step = params.get("step");
  return {
    key: step === null ? undefined : step || null,
    within: params.get("in"),
    tab: params.get("tab") ?? "timeline",
    part: params.get("part") ?? "",
    select: useCallback((key, within = null) => change({ step: key ?? "", in: within }), [change]),
    show: useCallback((tab) => change({ tab: tab === "timeline" ? null : tab }), [change]),
    showPart: useCallback((part) => change({ part }), [change]),
  };
}
