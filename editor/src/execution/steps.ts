/** How one event changes one run of a step.  Pure: knows nothing of the runs beside it. */

import type {
  Failure,
  Path,
  StepOutput,
  StepProgress,
  WireEvent,
} from "@/contracts/generated/events";
import type { RunName } from "./keys";
import { withNumber } from "./ranges";
import type { AttemptView, NodeStatus, StepView } from "./view";

/** Values that a step wrote while it ran and that are kept. */
export const MAX_STREAMED = 50;

export type StepEvent = Extract<WireEvent, { step_id: string; path: Path }>;

/** Whether `event` is about a run of a step, and changes it. */
export function isStepEvent(event: WireEvent): event is StepEvent {
  return event.type.startsWith("step_");
}

/** A run before anything has happened to it. */
export function newStep(name: RunName, event: { path?: Path; step_name?: string }): StepView {
  return {
    key: name.key,
    nodeId: name.nodeId,
    stepId: name.stepId,
    rounds: name.rounds,
    name: event.step_name ?? name.stepId,
    path: event.path ?? [name.nodeId],
    kind: null,
    internal: false,
    status: "pending",
    attempt: 1,
    attempts: [],
    scheduledAt: null,
    startedAt: null,
    endedAt: null,
    retryAt: null,
    output: null,
    error: null,
    handled: false,
    suppliedBy: "",
    suspendPayload: null,
    suspendedAt: null,
    labels: [],
    resumeData: null,
    resumedAt: null,
    until: null,
    event: null,
    progress: null,
    nested: null,
    streamed: [],
    streamedCount: 0,
    seq: 0,
  };
}

/** `step` after `event`, which is about it. */
export function evolveStep(step: StepView, event: StepEvent): StepView {
  return { ...step, ...changesOf(step, event), internal: event.internal ?? false, seq: event.seq };
}

/** A run that had settled and is at work again with what it has. */
export function againAtWork(step: StepView, seq: number): StepView {
  const nothing = { endedAt: null, output: null, error: null, retryAt: null };
  const held = { until: null, event: null, handled: false, suppliedBy: "" };
  return { ...step, ...nothing, ...held, status: "running", attempt: 1, seq };
}

function changesOf(step: StepView, event: StepEvent): Partial<StepView> {
  switch (event.type) {
    case "step_scheduled":
      return { status: "scheduled", scheduledAt: event.at };
    case "step_started":
      return {
        status: "running",
        startedAt: event.started_at,
        attempts: [...step.attempts, begun(event.attempt ?? 1, event.started_at)],
        progress: event.total === null ? null : { completed: 0, total: event.total, closed: [] },
      };
    case "step_waiting":
      return {
        ...AT_REST,
        status: "waiting",
        // What no worker does begins when it is decided upon.
        startedAt: step.startedAt ?? event.at,
        until: event.until,
        event: event.event || null,
      };
    case "step_suspended":
      return {
        ...AT_REST,
        status: "suspended",
        startedAt: step.startedAt ?? event.at,
        suspendPayload: event.payload,
        suspendedAt: event.at,
        labels: event.labels,
        until: event.until,
      };
    case "step_resumed":
      return { ...AT_REST, status: "running", resumeData: event.data, resumedAt: event.at };
    case "step_output":
      return { streamed: streamed(step, event), streamedCount: step.streamedCount + 1 };
    case "step_progress":
      return progressed(step, event);
    case "step_continued":
      return { status: "running" };
    case "step_retrying":
      return {
        ...AT_REST,
        status: "retrying",
        attempt: step.attempt + 1,
        attempts: closed(step, { endedAt: event.at, error: event.error, retryAt: event.retry_at }),
        error: event.error,
        retryAt: event.retry_at,
      };
    case "step_completed":
      return {
        ...settled(step, event, "completed", null),
        output: event.output,
        suppliedBy: event.supplied ?? "",
      };
    case "step_failed":
      return { ...settled(step, event, "failed", event.error), handled: event.handled };
    case "step_skipped":
      return settled(step, event, "skipped", event.error);
    case "step_cancelled": {
      // An attempt that was due after a failed one will not run, so it does not count.
      const attempt = step.status === "retrying" ? step.attempt - 1 : step.attempt;
      return settled({ ...step, attempt }, event, "cancelled", step.error);
    }
  }
}

const AT_REST = { until: null, event: null, retryAt: null } as const;

function settled(
  step: StepView,
  event: StepEvent,
  status: NodeStatus,
  error: Failure | null,
): Partial<StepView> {
  const attempts = closed(step, { endedAt: event.at, error, retryAt: null });
  return { ...AT_REST, status, attempt: step.attempt, endedAt: event.at, error, attempts };
}

function progressed(step: StepView, event: StepProgress): Partial<StepView> {
  // A snapshot says how many rounds have settled, not which.
  const closed = step.progress ? step.progress.closed : [];
  const progress = {
    completed: event.completed_count,
    total: event.total_count,
    closed: closed && withNumber(closed, event.current_index),
  };
  // Whether a loop goes round once more has to be decided.
  const isLoop = event.total_count === null;
  return isLoop ? { progress, status: "scheduled", scheduledAt: event.at } : { progress };
}

function streamed(step: StepView, event: StepOutput): StepView["streamed"] {
  const { seq, at, kind, output } = event;
  return [...step.streamed.slice(1 - MAX_STREAMED), { seq, at, kind, output }];
}

function begun(attempt: number, startedAt: string | null): AttemptView {
  return { attempt, startedAt, endedAt: null, error: null, retryAt: null };
}

/** How an attempt ended. */
type Ending = Pick<AttemptView, "error" | "retryAt"> & { endedAt: string };

/** The attempts of `step` with the current one at its end, if it has begun. */
function closed(step: StepView, ending: Ending): readonly AttemptView[] {
  const last = step.attempts.at(-1);
  if (last?.endedAt === null) return [...step.attempts.slice(0, -1), { ...last, ...ending }];
  // Of an attempt after the first only the end is told.
  const isAnother = last !== undefined && last.attempt < step.attempt;
  return isAnother
    ? [...step.attempts, { ...begun(step.attempt, null), ...ending }]
    : step.attempts;
}
