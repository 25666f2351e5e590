/** Answers of people to what waits for them, wherever they are given. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "./call";
import { executionAddress } from "./execution";

/** Where an answer belongs: a question of the inbox, a suspended step, or whoever awaits an event. */
export type AnswerPlace =
  | { task: number }
  | { execution: string; event: string }
  | { execution: string; step: string | string[]; index: number | null };

export interface Answer {
  to: AnswerPlace;
  data: unknown;
  /** For people; questions of the inbox alone keep it. */
  comment?: string;
}

/** Returns the mutation that sends an answer to where it belongs. */
export function useAnswer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ to, data, comment }: Answer) => {
      if ("task" in to) {
        const body = { data, ...(comment ? { comment } : {}) };
        return call<unknown>("POST", `/api/tasks/${to.task}/answer/`, { body });
      }
      if ("event" in to) {
        const body = { event: to.event, data };
        return call<unknown>("POST", executionAddress(to.execution, "send-event/"), { body });
      }
      const item = to.index === null ? {} : { foreach_index: to.index };
      const body = { data, step: to.step, ...item };
      return call<unknown>("POST", executionAddress(to.execution, "resume/"), { body });
    },
    onSettled: (_answer, _error, { to }) => {
      for (const concept of ["waiting", "tasks", "executions"])
        void client.invalidateQueries({ queryKey: [concept] });
      if ("execution" in to)
        void client.invalidateQueries({ queryKey: ["execution", to.execution] });
    },
  });
}
