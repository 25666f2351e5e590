/**
 * What a page knows of an execution that it begins to look at: the record of the API as a view.
 * Pure.  The events after `last_seq`, folded in, make it what a later record would say.
 */

import type { components } from "@/api/schema";
import type { Failure, Path } from "@/contracts/generated/events";
import { emptyView } from "./evolve";
import { named } from "./keys";
import { Runs } from "./runs";
import { newStep } from "./steps";
import type { ExecutionView, RoundsView, StepView, Value } from "./view";

export { isPreview } from "./preview";
export type ExecutionRecord = components["schemas"]["ExecutionRecord"];
export type StepRecord = components["schemas"]["StepShape"];

/** The view that `record`, as `GET /api/executions/{id}/` answers it, tells of. */
export function fromSnapshot(record: ExecutionRecord): ExecutionView {
  const empty = emptyView(record.id, record.path as Path);
  const runs = new Runs(empty);
  for (const step of record.steps) runs.put(stepFromSnapshot(step, record.last_seq));
  for (const { node_id, step_id, counts } of record.tallies ?? []) {
    runs.tally(node_id, step_id, counts);
  }
  return {
    ...empty,
    ...runs.view(),
    status: record.status,
    stopping: record.stopping,
    stopReason: record.stop_reason,
    stoppedBy: record.stopped_by,
    trigger: record.trigger,
    createdAt: record.created_at,
    startedAt: record.started_at,
    endedAt: record.ended_at,
    error: record.error as Failure | null,
    output: record.output as Value,
    lastSeq: record.last_seq,
  };
}

/** The run that a record, or a list of steps, tells of; `seq` is the newest event it includes. */
export function stepFromSnapshot(step: StepRecord, seq: number): StepView {
  const name = { ...named(step.key), container: null };
  const isCompleted = step.status === "completed";
  return {
    ...newStep(name, { path: wired(step.path, name.nodeId), step_name: step.step_name }),
    kind: step.kind,
    internal: step.internal,
    status: shownStatus(step),
    attempt: step.attempt,
    scheduledAt: step.scheduled_at,
    startedAt: step.started_at,
    endedAt: step.ended_at,
    retryAt: step.status === "retrying" ? step.due_at : null,
    output: step.output as Value,
    // The row keeps the failure of an attempt that another one made good.
    error: isCompleted ? null : (step.error as Failure | null),
    suspendPayload: step.suspend_payload as Value,
    suspendedAt: step.suspended_at,
    labels: step.labels,
    resumeData: step.resume_data as Value,
    resumedAt: step.resumed_at,
    until: step.until,
    event: step.event,
    progress: progressOf(step),
    nested: step.nested,
    seq,
  };
}

/** `path` as events tell it, which of a run outside repetitions name the node itself. */
function wired(path: Path, nodeId: string): Path {
  return typeof path.at(-1) === "string" ? [...path.slice(0, -1), nodeId] : path;
}

const HOLDING = new Set(["branch", "loop", "foreach", "wait"]);

/** A record says of a container what holds it up; events say that of the run that does. */
function shownStatus(step: StepRecord): StepRecord["status"] {
  return step.status === "suspended" && HOLDING.has(step.kind) ? "running" : step.status;
}

function progressOf(step: StepRecord): RoundsView | null {
  // A loop says how far it has come when its first round has settled.
  if (!step.completed_count && step.total_count === null) return null;
  return { completed: step.completed_count ?? 0, total: step.total_count, closed: null };
}
