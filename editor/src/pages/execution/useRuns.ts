/** All runs that the page knows of: those of the live view, further ones of repetitions page by
 * page, and those of nested executions that are open. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { recordQuery } from "@/api/execution";
import { useStepPages } from "@/api/executionSteps";
import { fromSnapshot, stepFromSnapshot } from "@/execution/snapshot";
import type { ExecutionView, StepView } from "@/execution/view";
import { hasEnded } from "@/run/stopping";
import type { Run } from "./timeline/rows";

const NESTED_REFETCH_MS = 3_000;
const MOST_NESTED = 20;

export interface Runs {
  runs: readonly Run[];
  /** Whether the server knows of more. */
  hasMore: boolean;
  isLoading: boolean;
  loadMore: () => void;
}

/** Returns the runs of `view`; its repetitions are read a page at a time. */
export function useRuns(view: ExecutionView | null, moreSteps: boolean): Runs {
  const steps = view?.steps ?? NO_STEPS;
  const repeats = moreSteps || [...steps.values()].some((step) => step.progress !== null);
  const settledAt = view && hasEnded(view.status) ? view.lastSeq : 0;
  const pages = useStepPages(view?.id ?? "", {}, settledAt, view !== null && repeats);
  const nested = useNested(steps);
  const { data } = pages;
  const id = view?.id ?? "";

  const runs = useMemo(() => {
    const all = new Map<string, StepView>();
    for (const page of data?.pages ?? []) {
      for (const record of page.results) all.set(record.key, stepFromSnapshot(record, 0));
    }
    // What came live is newer than what a page said.
    for (const [key, step] of steps) all.set(key, step);
    const own = [...all.values()].map((step): Run => ({ step, executionId: id }));
    return [...own, ...nested];
  }, [data, steps, nested, id]);
  return {
    runs,
    hasMore: repeats && pages.hasNextPage,
    isLoading: pages.isFetching,
    loadMore: () => void pages.fetchNextPage(),
  };
}

const NO_STEPS: ReadonlyMap<string, StepView> = new Map();

function useNested(steps: ReadonlyMap<string, StepView>): readonly Run[] {
  const ids = useMemo(
    () =>
      [...steps.values()]
        .flatMap((step) => (step.nested ? [step.nested] : []))
        .slice(0, MOST_NESTED),
    [steps],
  );
  return useQueries({
    queries: ids.map((id) => ({
      ...recordQuery(id),
      refetchInterval: ({ state }: { state: { data?: { status: string } | undefined } }) =>
        state.data && hasEnded(state.data.status) ? false : NESTED_REFETCH_MS,
    })),
    combine: runsOf,
  });
}

/** Kept outside the component: the same results give the same list. */
function runsOf(results: { data?: Parameters<typeof fromSnapshot>[0] | undefined }[]): Run[] {
  return results.flatMap(({ data }) =>
    data
      ? [...fromSnapshot(data).steps.values()].map((step) => ({ step, executionId: data.id }))
      : [],
  );
}
