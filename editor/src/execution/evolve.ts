/**
 * The fold: what a page knows of an execution after events of its log.  Pure: no clock, no network,
 * no React.  Events that are folded in already, whenever they come, change nothing; what has ended
 * moves only once somebody opens it again.
 *
 * An event costs the same however long the log is; a call copies what it touches once.
 */

import type { LogWritten, Path, WireEvent } from "@/contracts/generated/events";
import { type ExecutionStatus, FINAL_STATUSES } from "@/contracts/generated/statuses";
import { type RunName, runAt } from "./keys";
import { reopen } from "./reopen";
import { Runs } from "./runs";
import { evolveStep, isStepEvent, newStep, type StepEvent } from "./steps";
import type { ExecutionView, LogLine } from "./view";

/** Lines that are kept, the last ones. */
export const MAX_LOGS = 1_000;

/** The execution `id` before its first event; `path` leads to it from the outermost one. */
export function emptyView(id: string, path: Path = []): ExecutionView {
  return {
    id,
    path,
    status: "pending",
    stopping: "",
    stopReason: "",
    stoppedBy: "",
    trigger: null,
    createdAt: null,
    startedAt: null,
    endedAt: null,
    error: null,
    output: null,
    lastSeq: 0,
    steps: new Map(),
    nodes: new Map(),
    counters: { reached: 0, settled: 0, failed: 0 },
    logs: [],
    logCount: 0,
    stale: false,
  };
}

/** `view` after `events`, in the order of the log; the same object if they are all known. */
export function evolve(view: ExecutionView, events: Iterable<WireEvent>): ExecutionView {
  const runs = new Runs(view);
  const lines: LogLine[] = [];
  let after = view;
  for (const event of events) {
    if (event.seq <= after.lastSeq) continue;
    after = { ...after, lastSeq: event.seq };
    if (event.type === "log") lines.push(lineOf(event, view));
    else if ((event.source ?? event.execution_id) !== view.id) link(runs, event, view);
    else if (isStepEvent(event)) foldStep(runs, event, after);
    else after = { ...after, ...changesOf(runs, event, after) };
  }
  if (after === view) return view;
  const logs = lines.length ? [...view.logs, ...lines].slice(-MAX_LOGS) : view.logs;
  return { ...after, ...runs.view(), logs, logCount: view.logCount + lines.length };
}

function foldStep(runs: Runs, event: StepEvent, view: ExecutionView): void {
  if (FINAL_STATUSES.has(view.status)) return;
  const name = runAt(event.path, view.path.length);
  const before = runs.get(name.key) ?? newStep(name, event);
  runs.put(evolveStep(before, event));
}

/** Remember which execution is the inside of which run. */
function link(runs: Runs, event: WireEvent, view: ExecutionView): void {
  if (event.type !== "execution_started" || !event.source || !event.path) return;
  if (view.path.some((part, at) => event.path?.[at] !== part)) return;
  const { key } = runAt(event.path, view.path.length);
  const step = runs.get(key);
  // What is nested in a nested one begins further down, where this execution has no run.
  if (step && step.path.length === event.path.length) runs.put({ ...step, nested: event.source });
}

function changesOf(runs: Runs, event: WireEvent, view: ExecutionView): Partial<ExecutionView> {
  if (event.type === "execution_reopened") return reopen(runs, event, view);
  // Nothing but that moves what has ended.
  if (FINAL_STATUSES.has(view.status)) return {};
  switch (event.type) {
    case "execution_queued":
      return { status: "pending", createdAt: view.createdAt ?? event.at };
    case "execution_started":
      return {
        status: "running",
        trigger: event.trigger,
        createdAt: view.createdAt ?? event.at,
        startedAt: event.at,
      };
    case "execution_waiting":
      return { status: "waiting" };
    case "execution_suspended":
      return { status: "suspended" };
    case "execution_paused":
      return { status: "paused" };
    case "execution_resumed":
      return { status: "running" };
    case "execution_stopping":
      return {
        // What is stopped is paused no longer.
        status: view.status === "paused" ? "running" : view.status,
        stopping: event.cause,
        stopReason: event.reason,
        stoppedBy: event.by,
      };
    case "execution_completed":
      return { ...ended("completed", event), output: event.output };
    case "execution_failed":
      return { ...ended("failed", event), error: event.error };
    case "execution_cancelled":
      return ended("cancelled", event);
    default:
      return {};
  }
}

function ended(status: ExecutionStatus, event: WireEvent): Partial<ExecutionView> {
  return { status, endedAt: event.at };
}

function lineOf(event: LogWritten, view: ExecutionView): LogLine {
  const isOwn = (event.source ?? event.execution_id) === view.id;
  const name: RunName | null =
    isOwn && event.step_id && event.path ? runAt(event.path, view.path.length) : null;
  return {
    seq: event.seq,
    at: event.at,
    level: event.level,
    message: event.message,
    stepId: event.step_id ?? null,
    stepName: event.step_name ?? null,
    key: name?.key ?? null,
    attempt: event.attempt ?? null,
    fields: event.fields,
    source: isOwn ? "" : (event.source ?? ""),
  };
}
