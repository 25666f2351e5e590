/** Many executions: their list, their figures, and commands to all that fit a filter. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, type Query } from "./call";
import type { ExecutionSummary } from "./execution";
import type { Page } from "./paging";
import type { components } from "./schema";
import { hasEnded } from "./workflows";

type Schemas = components["schemas"];

const LIVE_MS = 3_000;
const IDLE_MS = 15_000;
const STATS_MS = 30_000;
const PROGRESS_MS = 1_000;

/** Returns the query of one page; it looks again every 3 s while something on it goes on.
 *
 * `key` names the filters; `query` makes their query anew at each look, since the present moves.
 */
export function useExecutions(key: object, query: () => Query) {
  return useQuery({
    queryKey: ["executions", "list", key],
    queryFn: () => call<Page<ExecutionSummary>>("GET", "/api/executions/", { query: query() }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.results.some((row) => !hasEnded(row.status)) ? LIVE_MS : IDLE_MS,
  });
}

export type DayFigures = Schemas["DayShape"];
export type ExecutionStats = Schemas["StatsShape"];

/** Returns the query of the figures of all executions that fit. */
export function useExecutionStats(key: object, query: () => Query) {
  return useQuery({
    queryKey: ["executions", "stats", key],
    queryFn: () => call<ExecutionStats>("GET", "/api/executions/stats/", { query: query() }),
    placeholderData: keepPreviousData,
    refetchInterval: STATS_MS,
  });
}

export type BulkAction = Schemas["BulkAction"];

/** Which executions: these, or all that a filter leaves. */
export type Chosen = { ids: string[] } | { filter: Query };

export type BulkPreview = Schemas["BulkPreviewShape"];
export type Bulk = Schemas["BulkShape"];

/** Returns the query that says what a command to many would come to; it changes nothing. */
export function useBulkPreview(action: BulkAction, chosen: Chosen) {
  return useQuery({
    queryKey: ["executions", "bulk", "preview", action, chosen],
    queryFn: () =>
      call<BulkPreview>("POST", "/api/executions/bulk/", {
        body: { action, ...chosen, dry_run: true },
      }),
    gcTime: 0,
    staleTime: 0,
  });
}

/** Returns the mutation that begins a command to many. */
export function useStartBulk() {
  return useMutation({
    mutationFn: (body: { action: BulkAction; reason?: string } & Chosen) =>
      call<Bulk>("POST", "/api/executions/bulk/", { body }),
  });
}

/** Returns the query of how far a command to many has come, every second until it is through. */
export function useBulk(started: Bulk | undefined) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["executions", "bulk", started?.id],
    queryFn: async () => {
      const bulk = await call<Bulk>("GET", `/api/executions/bulk/${started?.id}/`);
      if (bulk.status === "completed") {
        void client.invalidateQueries({ queryKey: ["executions", "list"] });
        void client.invalidateQueries({ queryKey: ["executions", "stats"] });
      }
      return bulk;
    },
    enabled: started !== undefined,
    initialData: started,
    refetchInterval: ({ state }) => (state.data?.status === "completed" ? false : PROGRESS_MS),
  });
}
