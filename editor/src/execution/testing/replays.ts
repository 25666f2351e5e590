/** Recorded executions, the very files that Python's fold is checked by, and their neutral shape. */

import type { Path, WireEvent } from "@/contracts/generated/events";
import type { ExecutionRecord } from "../snapshot";
import type { ExecutionView, StepView } from "../view";

/** A run's status, attempt, and of a repetition the rounds done and to do. */
export type StepShape = readonly (string | number | null)[];

export interface Shape {
  status: string;
  stopping: string;
  steps: Record<string, StepShape>;
}

/** What one event changed of the shape; `null` for a run that is no more. */
export interface StateChange {
  seq: number;
  status?: string;
  stopping?: string;
  steps?: Record<string, StepShape | null>;
}

export interface RecordedExecution {
  id: string;
  path: Path;
  states: StateChange[];
  /** As the API answered in between and at the end, without what events do not tell. */
  records: ExecutionRecord[];
}

export interface Replay {
  events: WireEvent[];
  executions: RecordedExecution[];
}

const files = import.meta.glob<Replay>("../../../../tests/replays/*.json", {
  eager: true,
  import: "default",
});

/** Every story by its name. */
export const REPLAYS: Readonly<Record<string, Replay>> = Object.fromEntries(
  Object.entries(files).map(([path, replay]) => [path.replace(/^.*\/|\.json$/g, ""), replay]),
);

/** `view` as both folds have to see it. */
export function shapeOf(view: ExecutionView): Shape {
  const steps = [...view.steps.values()].map((step): [string, StepShape] => [
    step.key,
    shapeOfStep(step),
  ]);
  return { status: view.status, stopping: view.stopping, steps: Object.fromEntries(steps) };
}

function shapeOfStep({ status, attempt, progress }: StepView): StepShape {
  return progress ? [status, attempt, progress.completed, progress.total] : [status, attempt];
}

/** `shape` after `change`. */
export function changedBy(shape: Shape, change: StateChange): Shape {
  const steps = { ...shape.steps };
  for (const [key, step] of Object.entries(change.steps ?? {})) {
    if (step === null) delete steps[key];
    else steps[key] = step;
  }
  const { status = shape.status, stopping = shape.stopping } = change;
  return { status, stopping, steps };
}
