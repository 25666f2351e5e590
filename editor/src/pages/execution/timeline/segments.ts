/** What a run of a step did when: waited in a queue, worked, waited for something.  Pure; times
 * are ms since 1970. */
import type { StepView } from "@/execution/view";

export type Phase = "queue" | "run" | "wait";

export interface Segment {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

export interface Bar {
  readonly segments: readonly Segment[];
  /** When attempts failed. */
  readonly failures: readonly number[];
}

/** What is needed of a run. */
export type Timed = Pick<
  StepView,
  | "kind"
  | "status"
  | "scheduledAt"
  | "startedAt"
  | "endedAt"
  | "attempts"
  | "suspendedAt"
  | "resumedAt"
  | "retryAt"
  | "error"
>;

const WAITS_BY_NATURE = new Set(["sleep", "wait", "approval"]);
const SETTLED = new Set(["completed", "failed", "skipped", "cancelled"]);

/** Returns the bar of `step` as it looks at `now`. */
export function barOf(step: Timed, now: number): Bar {
  const scheduled = moment(step.scheduledAt);
  const started = moment(step.startedAt);
  const ended = moment(step.endedAt) ?? (SETTLED.has(step.status) ? null : now);
  const begin = scheduled ?? started;
  if (begin === null) return { segments: [], failures: [] };
  const end = Math.max(ended ?? started ?? begin, begin);
  const failures = failuresOf(step, end);
  if (WAITS_BY_NATURE.has(step.kind ?? "")) {
    return { segments: clean([{ phase: "wait", from: begin, to: end }]), failures };
  }
  const queue: Segment = { phase: "queue", from: begin, to: Math.min(started ?? end, end) };
  if (started === null) return { segments: clean([queue]), failures };
  const waits = waitsOf(step, started, end);
  const runs = without({ from: started, to: end }, waits);
  const segments = [
    queue,
    ...runs.map((it) => ({ phase: "run" as const, ...it })),
    ...waits.map((it) => ({ phase: "wait" as const, ...it })),
  ];
  return { segments: clean(segments), failures };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The spans between attempts, those of questions, and what it waits for now. */
function waitsOf(step: Timed, started: number, end: number): Span[] {
  const waits: Span[] = [];
  step.attempts.forEach((attempt, index) => {
    const failed = moment(attempt.endedAt);
    if (failed === null || attempt.error === null) return;
    const next = step.attempts[index + 1];
    const again = moment(next?.startedAt) ?? moment(attempt.retryAt);
    if (next || step.status === "retrying") waits.push({ from: failed, to: again ?? end });
  });
  const asked = moment(step.suspendedAt);
  if (asked !== null) waits.push({ from: asked, to: moment(step.resumedAt) ?? end });
  else if (step.status === "waiting" || step.status === "suspended") {
    waits.push({ from: started, to: end });
  }
  return waits
    .map((it) => ({ from: Math.max(it.from, started), to: Math.min(it.to, end) }))
    .filter((it) => it.to > it.from)
    .sort((left, right) => left.from - right.from);
}

/** `whole` without `holes`, which are in order. */
function without(whole: Span, holes: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = whole.from;
  for (const hole of holes) {
    if (hole.from > from) left.push({ from, to: hole.from });
    from = Math.max(from, hole.to);
  }
  // A run of no time at all is still drawn: it happened.
  if (whole.to > from || left.length + holes.length === 0) left.push({ from, to: whole.to });
  return left;
}

function failuresOf(step: Timed, end: number): number[] {
  const ticks = step.attempts
    .filter((attempt) => attempt.error !== null && attempt.endedAt !== null)
    .map((attempt) => moment(attempt.endedAt) ?? end);
  return ticks.length === 0 && step.status === "failed" ? [end] : ticks;
}

function clean(segments: readonly Segment[]): Segment[] {
  return segments
    .filter((it) => it.to > it.from || it.phase === "run")
    .sort((left, right) => left.from - right.from);
}

/** Returns ms since 1970 of ISO text. */
export function moment(at: string | null | undefined): number | null {
  if (!at) return null;
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? null : ms;
}
