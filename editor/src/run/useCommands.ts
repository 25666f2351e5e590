/** The commands of one execution as functions; what the server refuses is shown as a notice. */
import { useMemo } from "react";
import { type Command, type CommandAnswer, useCommand } from "@/api/execution";
import { messageOf } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";

export interface Commands {
  /** Sends a command; resolves to `null` if it was refused, which is then shown. */
  send: (command: Command, body?: object) => Promise<CommandAnswer | null>;
  /** The command that is on its way. */
  busy: Command | null;
}

/** Returns what sends commands to the execution `id`; `refresh` is called when one was answered. */
export function useCommands(id: string, refresh?: () => void): Commands {
  const { mutateAsync, isPending, variables } = useCommand(id);
  const toast = useToast();
  const busy = isPending ? (variables?.command ?? null) : null;
  return useMemo(
    () => ({
      busy,
      send: async (command, body) => {
        try {
          return await mutateAsync({ command, ...(body ? { body } : {}) });
        } catch (error) {
          toast({ title: REFUSED[command], body: messageOf(error), tone: "danger" });
          return null;
        } finally {
          refresh?.();
        }
      },
    }),
    [busy, mutateAsync, refresh, toast],
  );
}

const REFUSED: Record<Command, string> = {
  cancel: "It could not be cancelled",
  pause: "It could not be paused",
  unpause: "It could not go on",
  resume: "The answer was not taken",
  "send-event": "The event was not taken",
  retry: "It could not be retried",
  skip: "The step could not be skipped",
  restart: "It could not be restarted",
  "time-travel": "It could not go back to that step",
  rerun: "It could not be run again",
};
