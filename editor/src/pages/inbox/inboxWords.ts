/** Why something cannot be answered any more, in words.  Pure. */
import type { TaskRecord } from "@/api/inbox";

/** Returns the sentence; `null` while it can be answered. */
export function closedSentence(
  task: Pick<TaskRecord, "status" | "answered_by"> | undefined,
  gone: boolean,
): string | null {
  switch (task?.status) {
    case "answered":
      return task.answered_by
        ? `${task.answered_by} has answered this meanwhile.`
        : "This was answered meanwhile.";
    case "expired":
      return "Its deadline has passed.";
    case "withdrawn":
      return "What asked it was cancelled, skipped, or has ended.";
    case "open":
      return null;
    default:
      return gone ? "This was answered meanwhile, or what asked it has ended." : null;
  }
}
