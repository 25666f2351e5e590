/** The states that executions and steps are shown in: colour, icon and word for each status. */
import {
  ArrowRightFromLine,
  Check,
  Circle,
  CircleDashed,
  Clock,
  LoaderCircle,
  type LucideIcon,
  OctagonX,
  Pause,
  X,
} from "lucide-react";

export type State =
  | "pending"
  | "running"
  | "waiting"
  | "completed"
  | "failed"
  | "cancelled"
  | "skipped";

export interface Look {
  state: State;
  word: string;
  icon: LucideIcon;
}

const LOOKS: Record<string, Look> = {
  pending: { state: "pending", word: "Pending", icon: Circle },
  queued: { state: "pending", word: "Queued", icon: Clock },
  scheduled: { state: "pending", word: "Queued", icon: Clock },
  running: { state: "running", word: "Running", icon: LoaderCircle },
  retrying: { state: "waiting", word: "Retrying", icon: Clock },
  waiting: { state: "waiting", word: "Waiting", icon: Clock },
  suspended: { state: "waiting", word: "Needs an answer", icon: Pause },
  paused: { state: "waiting", word: "Paused", icon: Pause },
  completed: { state: "completed", word: "Completed", icon: Check },
  failed: { state: "failed", word: "Failed", icon: X },
  cancelling: { state: "cancelled", word: "Cancelling", icon: LoaderCircle },
  stopping: { state: "cancelled", word: "Stopping", icon: LoaderCircle },
  cancelled: { state: "cancelled", word: "Cancelled", icon: OctagonX },
  skipped: { state: "skipped", word: "Skipped", icon: ArrowRightFromLine },
};

/** Returns how a status is shown; one it does not know is shown by its own name. */
export function lookOf(status: string): Look {
  return LOOKS[status] ?? { state: "pending", word: status, icon: CircleDashed };
}

/** Class names of a state's text and soft background. */
export const STATE_CLASSES: Record<State, string> = {
  pending: "text-state-pending bg-state-pending-soft border-state-pending/40",
  running: "text-state-running bg-state-running-soft border-state-running/40",
  waiting: "text-state-waiting bg-state-waiting-soft border-state-waiting/40",
  completed: "text-state-completed bg-state-completed-soft border-state-completed/40",
  failed: "text-state-failed bg-state-failed-soft border-state-failed/40",
  cancelled: "text-state-cancelled bg-state-cancelled-soft border-state-cancelled/40",
  skipped: "text-state-skipped bg-state-skipped-soft border-state-skipped/40 border-dashed",
};

/** Class names of a state's text alone. */
export const STATE_TEXTS: Record<State, string> = {
  pending: "text-state-pending",
  running: "text-state-running",
  waiting: "text-state-waiting",
  completed: "text-state-completed",
  failed: "text-state-failed",
  cancelled: "text-state-cancelled",
  skipped: "text-state-skipped",
};
