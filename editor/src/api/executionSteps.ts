/** Runs of steps: one with its whole values, or all of them page by page. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import { executionAddress, type StepRecord } from "./execution";
import { cursorOf, type Page } from "./paging";
import type { components } from "./schema";

const PAGE_SIZE = 100;

type Schemas = components["schemas"];

/** One attempt, as the record of a step tells it. */
export type AttemptRecord = Schemas["AttemptShape"];

/** A run with its whole values. */
export type StepDetail = Schemas["StepRecord"];

/** Returns the query of one run with the beginnings of its values, which may be large; `seq` is the
 * event that changed it last. */
export function useStepRecord(id: string, key: string | null, seq: number) {
  return useQuery({
    queryKey: ["execution", id, "step-record", key, seq],
    queryFn: async () => {
      const query = { key: key ?? "", page_size: 2 };
      const page = await call<Page<StepRecord>>("GET", executionAddress(id, "steps/"), { query });
      return page.results.find((it) => it.key === key) ?? null;
    },
    enabled: key !== null,
    placeholderData: (before) => (before?.key === key ? before : undefined),
  });
}

/** Returns the query of one run with its whole values; `seq` as above. */
export function useStepDetail(id: string, key: string | null, seq: number, enabled = true) {
  return useQuery({
    queryKey: ["execution", id, "step", key, seq],
    queryFn: () =>
      call<StepDetail>("GET", executionAddress(id, `steps/${encodeURIComponent(key ?? "")}/`)),
    enabled: key !== null && enabled,
    placeholderData: (before) => (before?.key === key ? before : undefined),
  });
}

/** Returns all runs, page by page in the order in which they were reached. */
export function useStepPages(
  id: string,
  filter: { key?: string; status?: string },
  seq = 0,
  enabled = true,
) {
  return useInfiniteQuery({
    queryKey: ["execution", id, "steps", filter, seq],
    queryFn: ({ pageParam }) =>
      call<Page<StepRecord>>("GET", executionAddress(id, "steps/"), {
        query: {
          page_size: PAGE_SIZE,
          ...(filter.key ? { key: filter.key } : {}),
          ...(filter.status ? { status: filter.status } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => cursorOf(page.next),
    placeholderData: keepPreviousData,
    enabled,
  });
}
