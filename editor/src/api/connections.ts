/** Accounts at third parties: which there are, which services steps can use, add and remove. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";
import type { Page } from "./paging";
import type { components } from "./schema";

export type Connection = components["schemas"]["Connection"];

export type ConnectionBody = components["schemas"]["ConnectionBody"];

const ALL = {
  queryKey: ["connections"],
  queryFn: () => call<Page<Connection>>("GET", "/api/connections/", { query: { page_size: 200 } }),
};

/** Returns the query of this account's connections, 200 at most. */
export function useConnections() {
  return useQuery(ALL);
}

/** Returns the query of this account's connections to one service; without one it asks nothing. */
export function useConnectionsOf(toolkit: string | null) {
  return useQuery({
    ...ALL,
    enabled: toolkit !== null,
    retry: false,
    select: (page: Page<Connection>) => page.results.filter((one) => one.toolkit === toolkit),
    staleTime: 60_000,
  });
}

/** Returns the query of the services that steps can use with an account, by name. */
export function useToolkits() {
  return useQuery({
    queryKey: ["tools", "toolkits"],
    queryFn: async () => {
      const tools = await call<Page<components["schemas"]["Tool"]>>("GET", "/api/tools/", {
        query: { page_size: 200 },
      });
      const named = tools.results.flatMap(({ needs_connection, toolkit }) =>
        needs_connection && toolkit ? [toolkit] : [],
      );
      return [...new Set(named)].sort();
    },
    staleTime: 60_000,
  });
}

/** Returns the mutation that notes down an account; one that is there is made active again. */
export function useAddConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ConnectionBody) => call<Connection>("POST", "/api/connections/", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
}

/** Returns the mutation that removes a connection; the account at the service stays. */
export function useRemoveConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => call<void>("DELETE", `/api/connections/${id}/`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["connections"] }),
  });
}
