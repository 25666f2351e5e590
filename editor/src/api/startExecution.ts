/** Starting a workflow: whether it can run and why not, what it ran with last, and the start. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";
import { executionAddress } from "./execution";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Preflight = Schemas["Preflight"];
export type Started = Schemas["Started"];

/** Returns the query that says whether `workflowId` can run, with what input, and why not. */
export function usePreflight(workflowId: string) {
  return useQuery({
    queryKey: ["workflow", workflowId, "preflight"],
    queryFn: () =>
      call<Preflight>("GET", `/api/workflows/${encodeURIComponent(workflowId)}/preflight/`),
  });
}

interface StartBody {
  input?: unknown;
  resource_id?: string;
  priority?: number;
}

/** Returns the mutation that starts `workflowId`, or, with `rerunOf`, its newest version as a rerun
 * of that execution.  The same `key` starts it once, however often it is sent. */
export function useStart(workflowId: string, rerunOf?: string) {
  const client = useQueryClient();
  const path = rerunOf
    ? executionAddress(rerunOf, "rerun/")
    : `/api/workflows/${encodeURIComponent(workflowId)}/execute/`;
  return useMutation({
    mutationFn: ({ body, key }: { body: StartBody; key: string }) =>
      call<Started>("POST", path, {
        body: rerunOf ? { input: body.input, version: "latest" } : body,
        headers: { "Idempotency-Key": key },
      }),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["executions"] }),
  });
}

/** Returns what the newest execution of `workflowId` was given, or `null` if there was none. */
export async function lastInput(workflowId: string): Promise<{ input: unknown } | null> {
  const page = await call<{ results: { id: string }[] }>("GET", "/api/executions/", {
    query: { workflow: workflowId, page_size: 1 },
  });
  const last = page.results[0];
  if (!last) return null;
  return call<{ input: unknown }>("GET", executionAddress(last.id), { query: { full: true } });
}
