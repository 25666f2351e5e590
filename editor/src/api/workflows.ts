/** The list of workflows, and what can be done to one without opening it. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FINAL_STATUSES } from "@/contracts/generated/statuses";
import { call, type Query } from "./call";
import type { Page } from "./paging";
import type { components } from "./schema";

const LIVE_MS = 3_000;
const IDLE_MS = 20_000;

export type WorkflowRow = components["schemas"]["WorkflowRow"];
export type WorkflowRecord = components["schemas"]["Workflow"];

/** Returns whether an execution in this state has ended. */
export function hasEnded(status: string): boolean {
  return (FINAL_STATUSES as ReadonlySet<string>).has(status);
}

/** Returns the query of one page of workflows; it looks again every 3 s while one of them runs. */
export function useWorkflows(query: Query) {
  return useQuery({
    queryKey: ["workflows", query],
    queryFn: () => call<Page<WorkflowRow>>("GET", "/api/workflows/", { query }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.results.some((row) => row.last_execution && !hasEnded(row.last_execution.status))
        ? LIVE_MS
        : IDLE_MS,
  });
}

/** Returns the query of up to 200 workflows by name, for choosing one. */
export function useWorkflowChoices() {
  return useQuery({
    queryKey: ["workflows", "choices"],
    queryFn: () =>
      call<Page<WorkflowRow>>("GET", "/api/workflows/", {
        query: { page_size: 200, sort: "name" },
      }),
    staleTime: 60_000,
  });
}

/** Returns one workflow with its definition. */
export function readWorkflow(id: string): Promise<WorkflowRecord> {
  return call("GET", `/api/workflows/${encodeURIComponent(id)}/`);
}

/** Returns the mutation that creates a workflow from a definition. */
export function useCreateWorkflow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { definition: Record<string, unknown>; name?: string }) =>
      call<WorkflowRecord>("POST", "/api/workflows/", { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["workflows"] }),
  });
}

/** Returns the mutation that makes a drawn copy of a workflow. */
export function useDuplicateWorkflow() {
  const create = useCreateWorkflow();
  return useMutation({
    mutationFn: async ({ id, name }: Pick<WorkflowRow, "id" | "name">) => {
      const { definition } = await readWorkflow(id);
      return create.mutateAsync({ definition, name: `${name} (copy)` });
    },
  });
}

/** Returns the mutation that takes workflows out of the list, or puts them back. */
export function useArchiveWorkflow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, archived }: { id: string; archived: boolean }) =>
      call<WorkflowRecord>(
        "POST",
        `/api/workflows/${encodeURIComponent(id)}/${archived ? "archive" : "unarchive"}/`,
        { body: {} },
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["workflows"] }),
  });
}

/** Returns the mutation that deletes a workflow; its executions stay. */
export function useDeleteWorkflow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<void>("DELETE", `/api/workflows/${encodeURIComponent(id)}/`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["workflows"] }),
  });
}
