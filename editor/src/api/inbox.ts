/** What waits for an answer of people: questions, suspended steps, events. */
import { useQuery } from "@tanstack/react-query";
import type { AnswerPlace } from "./answering";
import { call } from "./call";
import type { Page } from "./paging";
import type { components } from "./schema";

const LIVE_MS = 3_000;
const MOST = 200;

export type TaskRow = components["schemas"]["TaskShape"];
export type TaskRecord = components["schemas"]["TaskRecord"];
export type TaskStatus = TaskRow["status"];

export type WaitingRow = components["schemas"]["WaitingShape"];

/** Returns a question of the list of tasks as one that waits; its form is in its record. */
export function waitingOf(task: TaskRow): WaitingRow {
  return {
    id: `approval:${task.id}`,
    kind: "approval",
    execution: task.execution,
    root: task.execution,
    workflow: task.workflow,
    workflow_name: task.workflow_name,
    step_id: task.step_id,
    key: task.key,
    step_name: task.step_id,
    title: task.title,
    form: null,
    payload: null,
    event: null,
    labels: [],
    since: task.created_at,
    deadline_at: task.deadline_at,
    task: task.id,
  };
}

/** Returns the query of what waits for this account: the newest 200, again every 3 s. */
export function useWaiting() {
  return useQuery({
    queryKey: ["waiting", "list"],
    queryFn: () => call<Page<WaitingRow>>("GET", "/api/waiting/", { query: { page_size: MOST } }),
    refetchInterval: LIVE_MS,
  });
}

/** Returns the query of the questions in a state that this account may see, answerable or not. */
export function useTasks(status: TaskStatus, enabled: boolean) {
  return useQuery({
    queryKey: ["tasks", "list", status],
    queryFn: () =>
      call<Page<TaskRow>>("GET", "/api/tasks/", { query: { status, page_size: MOST } }),
    enabled,
    refetchInterval: LIVE_MS,
  });
}

/** Returns the query of one question with its form, context and answer, again every 3 s while it
 * is open. */
export function useTask(id: number | null) {
  return useQuery({
    queryKey: ["tasks", id],
    queryFn: () => call<TaskRecord>("GET", `/api/tasks/${id}/`),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.status === "open" ? LIVE_MS : false),
  });
}

/** Returns where the answer to what waits belongs. */
export function placeOf(row: WaitingRow): AnswerPlace {
  if (row.task !== null) return { task: row.task };
  return row.event !== null
    ? { execution: row.execution, event: row.event }
    : { execution: row.execution, step: row.key, index: null };
}
