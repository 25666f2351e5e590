/** An execution's log: its events, and the lines people read, by the numbers they have in it. */
import { useInfiniteQuery } from "@tanstack/react-query";
import type { LogWritten, WireEvent } from "@/contracts/generated/events";
import { call } from "./call";
import { executionAddress } from "./execution";
import type { Page } from "./paging";

const LIMIT = 500;

function pages<Event extends WireEvent>(id: string, what: "events" | "logs", query: object) {
  return {
    queryKey: ["execution", id, what, query],
    queryFn: ({ pageParam }: { pageParam: number }) =>
      call<Page<Event>>("GET", executionAddress(id, `${what}/`), {
        query: { after: pageParam, limit: LIMIT, ...query },
      }),
    initialPageParam: 0,
    getNextPageParam: (page: Page<Event>) => (page.next ? page.results.at(-1)?.seq : undefined),
  };
}

/** Returns the pages of events, the oldest first; there is always a next one, as more may happen. */
export function useEventPages(id: string) {
  return useInfiniteQuery({
    ...pages<WireEvent>(id, "events", {}),
    getNextPageParam: (page, _all, after) => page.results.at(-1)?.seq ?? after,
  });
}

/** Returns the pages of log lines, the oldest first; `step` is a step's id or a run's key. */
export function useLogPages(id: string, step?: string) {
  return useInfiniteQuery(pages<LogWritten>(id, "logs", step ? { step } : {}));
}
