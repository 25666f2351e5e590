/** What is said of a connection, and the spans of time it goes by. */

import type { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import type { ExecutionRecord } from "./snapshot";
import type { ExecutionView } from "./view";

/** How news comes in. `ended`: none will come; `failed`: there is no such execution for us. */
export type ConnectionState =
  | "connecting"
  | "live"
  | "reconnecting"
  | "polling"
  | "ended"
  | "failed";

export interface Connection {
  readonly state: ConnectionState;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
  /** How often in a row it could not be had. */
  readonly failures: number;
}

export interface LiveState {
  readonly view: ExecutionView | null;
  /** The last record: what events do not tell (input, reasons, open questions, usage). */
  readonly record: ExecutionRecord | null;
  readonly connection: Connection;
  readonly error: ApiError | null;
  readonly history: "unknown" | "loading" | "complete" | "partial";
}

/** Breaks in a row after which events are asked for instead. */
export const FAILURES_BEFORE_POLLING = 4;
export const POLL_MILLISECONDS = 5_000;
/** Every so many polls a stream is tried again. */
export const POLLS_BEFORE_STREAM = 6;
export const HIDDEN_MILLISECONDS = 60_000;
/** Records are not read more often than that. */
export const RECORD_MILLISECONDS = 1_000;
/** Time for events that come together to be one reason to read it. */
export const SOON_MILLISECONDS = 50;
/** A view that is further behind is read anew, not brought forward event by event. */
export const FAR_BEHIND = 5_000;
/** A stream that has said nothing for so long may be dead without anybody having noticed. */
export const SILENCE_MILLISECONDS = 10_000;
export const FIRST_WAIT_MILLISECONDS = 500;
export const LONGEST_WAIT_MILLISECONDS = 30_000;

/** Events after which a record says something new that they do not tell. */
export const TELLING: ReadonlySet<WireEvent["type"]> = new Set([
  "step_suspended",
  "step_resumed",
  "step_waiting",
  "execution_queued",
  "execution_started",
  "execution_waiting",
  "execution_suspended",
  "execution_paused",
  "execution_resumed",
  "execution_reopened",
  "execution_stopping",
  "execution_completed",
  "execution_failed",
  "execution_cancelled",
]);
/** Answers that no further asking changes. */
export const REFUSALS: ReadonlySet<number> = new Set([401, 403, 404, 410]);
