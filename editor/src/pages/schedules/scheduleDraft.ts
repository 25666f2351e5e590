/** A schedule while it is edited, and the body that saves it.  Pure. */
import type { Overlap, ScheduleBody, ScheduleRecord } from "@/api/schedules";
import { BEGINNING, choiceOf, type TimingChoice, timingOf } from "./timingChoice";

export interface ScheduleDraft {
  workflow: string;
  timing: TimingChoice;
  timezone: string;
  startsAt: string;
  endsAt: string;
  jitter: number;
  catchUp: "none" | "last" | "some";
  /** Of `some`: how many missed slots. */
  missed: number;
  overlap: Overlap;
  /** `undefined` until the workflow's schema is known. */
  input: unknown;
}

export const OVERLAP_WORDS: Record<Overlap, string> = {
  skip: "Leave the new one out",
  queue: "Start the new one after it",
  allow: "Run both",
  cancel_other: "Cancel the earlier one",
};

/** Returns the draft of a new schedule. */
export function newDraft(workflow: string, timezone: string): ScheduleDraft {
  return {
    workflow,
    timing: BEGINNING,
    timezone,
    startsAt: "",
    endsAt: "",
    jitter: 0,
    catchUp: "last",
    missed: 10,
    overlap: "skip",
    input: undefined,
  };
}

/** Returns the draft of a schedule that is there. */
export function draftOf(record: ScheduleRecord): ScheduleDraft {
  const { catch_up } = record;
  return {
    workflow: record.workflow,
    timing: choiceOf(record.cron, record.interval),
    timezone: record.timezone,
    startsAt: record.starts_at ?? "",
    endsAt: record.ends_at ?? "",
    jitter: record.jitter,
    catchUp: typeof catch_up === "number" ? "some" : catch_up,
    missed: typeof catch_up === "number" ? catch_up : 10,
    overlap: record.overlap,
    input: record.input,
  };
}

/** Returns the body that saves `draft`; a schedule keeps its workflow. */
export function bodyOf(draft: ScheduleDraft, isNew: boolean): ScheduleBody {
  return {
    ...(isNew ? { workflow: draft.workflow } : {}),
    ...timingOf(draft.timing),
    timezone: draft.timezone,
    starts_at: draft.startsAt || null,
    ends_at: draft.endsAt || null,
    jitter: draft.jitter,
    catch_up: draft.catchUp === "some" ? draft.missed : draft.catchUp,
    overlap: draft.overlap,
    ...(draft.input === undefined ? {} : { input: draft.input }),
  };
}
