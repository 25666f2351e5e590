/** A command to many executions, in words.  Pure. */
import type { Bulk, BulkAction, BulkPreview } from "@/api/executions";

interface ActionWords {
  title: string;
  verb: string;
  done: string;
  /** Which executions it fits. */
  fits: string;
  warning: string;
}

export const ACTION_WORDS: Record<BulkAction, ActionWords> = {
  cancel: {
    title: "Cancel executions",
    verb: "cancel",
    done: "cancelled",
    fits: "only what has not ended can be cancelled",
    warning: "What a step is just doing is finished first. What has been done is not undone.",
  },
  retry: {
    title: "Retry executions",
    verb: "retry",
    done: "sent on again",
    fits: "only what failed can be retried",
    warning: "Each goes on from the step that failed, in its own version. What went well is kept.",
  },
  delete: {
    title: "Delete executions",
    verb: "delete",
    done: "deleted",
    fits: "only what has ended can be deleted",
    warning: "Values, steps and logs go for good.",
  },
};

/** Returns what a dry run found: "This would cancel 12 executions; 3 do not apply, …". */
export function previewSentence(
  action: BulkAction,
  { would, not_applicable, too_many, limit }: BulkPreview,
): string {
  const { verb, fits } = ACTION_WORDS[action];
  if (too_many) {
    return `${counted(would)} are too many at once: ${limit.toLocaleString("en")} is the most. Narrow the filter.`;
  }
  const others = not_applicable
    ? `; ${not_applicable} ${not_applicable === 1 ? "does" : "do"} not apply, since ${fits}`
    : "";
  return would === 0
    ? `There is nothing to ${verb}${others}.`
    : `This would ${verb} ${counted(would)}${others}.`;
}

/** Returns what came of it: "11 cancelled, 1 failed, 3 did not apply". */
export function outcomeSentence({ action, done, failed, not_applicable }: Bulk): string {
  return [
    `${done} ${ACTION_WORDS[action].done}`,
    failed ? `${failed} failed` : "",
    not_applicable ? `${not_applicable} did not apply` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** Returns how much of it is through, 0 to 1. */
export function progressOf({ status, total, done, failed, not_applicable }: Bulk): number {
  if (status === "completed" || total === 0) return 1;
  return Math.min(1, (done + failed + not_applicable) / total);
}

function counted(executions: number): string {
  return executions === 1 ? "1 execution" : `${executions.toLocaleString("en")} executions`;
}
