/**
 * What a page knows of one execution: plain values, each run of a step an immutable object of its
 * own.  Refuses to know how they come about; see `evolve.ts` and `snapshot.ts`.
 *
 * Times are ISO 8601 in UTC, as the server says them.
 */

import type { Failure, Json, LogLevel, Path, Preview } from "@/contracts/generated/events";
import type { ExecutionStatus, NodeStatus } from "@/contracts/generated/statuses";

export type { ExecutionStatus, NodeStatus };

/** JSON of any kind, or the beginning of a large one with the address of the whole. */
export type Value = Json | Preview;

/** One attempt that has ended, or the one that is at work. */
export interface AttemptView {
  /** 1 for the first. */
  readonly attempt: number;
  /** Known of the first attempt only; later ones begin at `retryAt` of the one before, or later. */
  readonly startedAt: string | null;
  /** `null` while it is at work. */
  readonly endedAt: string | null;
  readonly error: Failure | null;
  /** When the attempt after it is due. */
  readonly retryAt: string | null;
}

/** Something a step wrote while it ran. */
export interface StreamedValue {
  readonly seq: number;
  readonly at: string;
  /** The writer's own type; empty for plain output. */
  readonly kind: string;
  readonly output: Value;
}

/** Whole numbers from the first to the last, both included. */
export type Range = readonly [first: number, last: number];

/** How far a foreach or a loop has come; a loop says so when its first round has settled. */
export interface RoundsView {
  readonly completed: number;
  /** The rounds that have settled, as ranges from the first to the last; `null` if unknown. */
  readonly closed: readonly Range[] | null;
  /** Items of a foreach; `null` for a loop, as nobody knows. */
  readonly total: number | null;
}

/** One run of one step. */
export interface StepView {
  /** Names the run in its execution: the node, and its rounds, as in `charge[5]`. */
  readonly key: string;
  /** The node of the plan: `stepId`, or `stepId:body` for the work inside a one-step repetition. */
  readonly nodeId: string;
  /** The id people know: that of the node on the canvas. */
  readonly stepId: string;
  readonly name: string;
  /** The way down from the outermost execution: ids, and indexes of rounds from 0. */
  readonly path: Path;
  /** Which rounds it is in, outermost first; empty outside repetitions. */
  readonly rounds: readonly number[];
  /** `tool`, `step`, `foreach` ...; `null` until a snapshot has said so. */
  readonly kind: string | null;
  /** Plumbing that people need not see. */
  readonly internal: boolean;
  readonly status: NodeStatus;
  /** The current try, or the last one. */
  readonly attempt: number;
  /** Attempts as far as events told of them; a snapshot knows none. See `withHistory`. */
  readonly attempts: readonly AttemptView[];
  readonly scheduledAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** When the next attempt is due; `null` when none is owed. */
  readonly retryAt: string | null;
  readonly output: Value;
  readonly error: Failure | null;
  /** Whether a failure did not stop the execution (`on_error: continue`). */
  readonly handled: boolean;
  /** Who gave the output instead of the step; empty for the step itself. */
  readonly suppliedBy: string;
  /** What is asked, or was. */
  readonly suspendPayload: Value;
  readonly suspendedAt: string | null;
  readonly labels: readonly string[];
  readonly resumeData: Value;
  readonly resumedAt: string | null;
  /** When a wait is over, or an answer comes too late; `null` for never, and when nothing waits. */
  readonly until: string | null;
  /** The event it waits for. */
  readonly event: string | null;
  /** Of a foreach or a loop. */
  readonly progress: RoundsView | null;
  /** The execution inside it, of a nested workflow. */
  readonly nested: string | null;
  /** The newest of what it wrote while it ran (50 at most), and how many there were. */
  readonly streamed: readonly StreamedValue[];
  readonly streamedCount: number;
  /** The number of the newest event that changed it; of a snapshot the snapshot's. */
  readonly seq: number;
}

/** All runs of one node together: what a canvas shows of it, however many rounds there are. */
export interface NodeView {
  readonly nodeId: string;
  readonly stepId: string;
  /** Whether it stands inside a foreach or a loop, so that it has many runs. */
  readonly repeated: boolean;
  /** The busiest of its runs' states: at work before waiting before failed before done. */
  readonly status: NodeStatus;
  /** Runs by state; states without runs are absent. */
  readonly counts: Readonly<Partial<Record<NodeStatus, number>>>;
  /** All runs that were reached. */
  readonly runs: number;
  /** The key of the newest run that is kept. */
  readonly latest: string | null;
  /** Keys of failed runs that are kept, the oldest first (100 at most). */
  readonly failed: readonly string[];
  /** Keys of runs in repetitions that settled without failing, the last 50. */
  readonly recent: readonly string[];
  /** Of its newest run, if it is a foreach or a loop itself. */
  readonly progress: RoundsView | null;
}

/** A line somebody wrote for people. */
export interface LogLine {
  readonly seq: number;
  readonly at: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly stepId: string | null;
  readonly stepName: string | null;
  /** The run that wrote it; `null` when it was none of this execution's own. */
  readonly key: string | null;
  readonly attempt: number | null;
  readonly fields: Value;
  /** The nested execution that it is of; empty for this one. */
  readonly source: string;
}

/** Steps outside repetitions, plumbing aside. */
export interface Counters {
  readonly reached: number;
  /** Completed, failed, skipped or cancelled. */
  readonly settled: number;
  readonly failed: number;
}

export interface ExecutionView {
  readonly id: string;
  /** The way down to it from the outermost execution; empty for that one. */
  readonly path: Path;
  readonly status: ExecutionStatus;
  /** `cancel` or `timeout` once nothing new starts; empty otherwise. */
  readonly stopping: string;
  readonly stopReason: string;
  readonly stoppedBy: string;
  readonly trigger: string | null;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly error: Failure | null;
  readonly output: Value;
  /** The number of the newest event that is folded in. */
  readonly lastSeq: number;
  /** Runs by key, in the order in which they were reached. Inside repetitions only those at work,
   * 100 failed and the last 50 settled ones of each node. */
  readonly steps: ReadonlyMap<string, StepView>;
  /** By node id. */
  readonly nodes: ReadonlyMap<string, NodeView>;
  readonly counters: Counters;
  /** The newest lines, 1,000 at most, the oldest first; a snapshot brings none. */
  readonly logs: readonly LogLine[];
  /** Lines folded in, also those no longer kept. */
  readonly logCount: number;
  /** Whether something happened that events do not tell wholly, so a new snapshot is needed. */
  readonly stale: boolean;
}
