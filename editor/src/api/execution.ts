/** One execution: what its record says, and the commands that move it.  How it goes on live is
 * `@/execution/hooks`. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ExecutionSummary = Schemas["ExecutionSummary"];
export type Suspended = Schemas["SuspendedShape"];
export type Reason = Schemas["ReasonShape"];
export type StepRecord = Schemas["StepShape"];
export type ExecutionRecord = Schemas["ExecutionRecord"];

/** An execution as others name it. */
export interface Relative {
  id: string;
  status: string;
}

export type Command =
  | "cancel"
  | "pause"
  | "unpause"
  | "resume"
  | "send-event"
  | "retry"
  | "skip"
  | "restart"
  | "time-travel"
  | "rerun";

/** What a command answers: the execution as it then stands, or the new one of a rerun. */
export interface CommandAnswer {
  id?: string;
  execution_id?: string;
  status: string;
}

/** Returns the address of an execution's part, such as "steps/charge[5]/". */
export function executionAddress(id: string, rest = ""): string {
  return `/api/executions/${encodeURIComponent(id)}/${rest}`;
}

/** Returns the mutation that sends one command; its answer makes lists read again. */
export function useCommand(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ command, body = {} }: { command: Command; body?: object }) =>
      call<CommandAnswer>("POST", executionAddress(id, `${command}/`), { body }),
    onSettled: () => {
      for (const concept of ["executions", "waiting", "tasks"])
        void client.invalidateQueries({ queryKey: [concept] });
      void client.invalidateQueries({ queryKey: ["execution", id] });
    },
  });
}

/** Returns the mutation that deletes an execution that has ended. */
export function useDeleteExecution(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", executionAddress(id)),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["executions"] }),
  });
}

/** Returns the query of a record whose live view nobody needs, such as one nested in another. */
export function recordQuery(id: string) {
  return {
    queryKey: ["execution", id, "record"],
    queryFn: () => call<ExecutionRecord>("GET", executionAddress(id)),
  };
}

/** Returns the executions that belong to a workflow and have not ended. */
export function useRunning(workflowId: string | null, refetchMs = 5_000) {
  return useQuery({
    queryKey: ["executions", "running", workflowId],
    queryFn: () =>
      call<{ results: ExecutionSummary[] }>("GET", "/api/executions/", {
        query: {
          status: "pending,running,waiting,suspended,paused",
          page_size: 20,
          ...(workflowId ? { workflow: workflowId } : {}),
        },
      }),
    select: (page) => page.results,
    refetchInterval: refetchMs,
  });
}
