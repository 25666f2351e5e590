/** What only the log knows of the past, attempts and lines, put into a view that lacks it.  Pure. */

import type { WireEvent } from "@/contracts/generated/events";
import { emptyView, evolve, MAX_LOGS } from "./evolve";
import type { AttemptView, ExecutionView, StepView } from "./view";

/** `view` with what `events`, the log from its beginning on, tell of the past. */
export function withHistory(view: ExecutionView, events: Iterable<WireEvent>): ExecutionView {
  return adopt(view, evolve(emptyView(view.id, view.path), events));
}

/** `view` with the attempts, lines and streamed values that `past` knows besides. */
export function adopt(view: ExecutionView, past: ExecutionView): ExecutionView {
  const steps = new Map<string, StepView>();
  for (const [key, step] of view.steps) {
    const before = past.steps.get(key);
    steps.set(key, before ? adoptStep(step, before) : step);
  }
  const since = view.logs.filter((line) => line.seq > past.lastSeq);
  const logs = [...past.logs, ...since].slice(-MAX_LOGS);
  return { ...view, steps, logs, logCount: past.logCount + since.length };
}

function adoptStep(step: StepView, before: StepView): StepView {
  const attempts = merged(step.attempts, before.attempts);
  const isLonger = before.streamedCount > step.streamedCount;
  const { streamed, streamedCount } = isLonger ? before : step;
  const isSame = attempts.length === step.attempts.length && !isLonger;
  return isSame ? step : { ...step, attempts, streamed, streamedCount };
}

function merged(now: readonly AttemptView[], past: readonly AttemptView[]): readonly AttemptView[] {
  const known = new Set(now.map((it) => it.attempt));
  const more = past.filter((it) => !known.has(it.attempt));
  if (more.length === 0) return now;
  return [...more, ...now].sort((a, b) => a.attempt - b.attempt);
}
