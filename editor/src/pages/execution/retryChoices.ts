/** What can be done again of an execution, and why not where it cannot.  Pure. */
import type { Command } from "@/api/execution";
import { hasEnded } from "@/run/stopping";

export interface RetryChoice {
  id: string;
  label: string;
  help: string;
  command: Command;
  body: Record<string, unknown>;
  /** Whether it makes a new execution, to which one is led. */
  isNew: boolean;
  disabledReason: string | null;
}

export interface RetrySituation {
  status: string;
  stopping: string;
  /** The run that made it fail, in words people know; `null` if none did. */
  failed: { key: string; name: string } | null;
  /** The step that is selected. */
  selected: { key: string; stepId: string; name: string; repeated: boolean } | null;
  /** Whether it is inside another execution. */
  nested: boolean;
  /** A test of one step: there is no workflow to run again. */
  test: boolean;
}

/** Returns the choices under a heading each: in this execution, and as a new one. */
export function retryChoices(now: RetrySituation): Record<string, RetryChoice[]> {
  const { failed, selected } = now;
  const ended = hasEnded(now.status);
  const atRest = ended || now.status === "paused";
  const inside = now.nested ? "It runs inside another execution: retry that one" : null;
  const whole = now.test ? "It was a test of one step: test the step again" : inside;
  const here = whyNotHere(now, atRest) ?? inside;
  return {
    "Go on in this run": [
      {
        id: "failed",
        label: failed ? `From the failed step “${failed.name}”` : "From the failed step",
        help: "What went well stays; the same version",
        command: "retry",
        body: {},
        isNew: false,
        disabledReason: whyNotFailed(now),
      },
      {
        id: "here",
        label: selected ? `From “${selected.name}” on` : "From the selected step on",
        help: "It and everything after it run again; the same version",
        command: "time-travel",
        body: { step: selected?.stepId ?? "" },
        isNew: false,
        disabledReason: here,
      },
      {
        id: "here-latest",
        label: selected ? `From “${selected.name}” on, newest version` : "The same, newest version",
        help: "Goes on with the published version",
        command: "time-travel",
        body: { step: selected?.stepId ?? "", version: "latest" },
        isNew: false,
        disabledReason: here,
      },
    ],
    "As a new run": [
      {
        id: "whole",
        label: "The whole run",
        help: "The same input and version",
        command: "rerun",
        body: {},
        isNew: true,
        disabledReason: whole,
      },
      {
        id: "whole-latest",
        label: "The whole run, newest version",
        help: "The same input, the published version",
        command: "rerun",
        body: { version: "latest" },
        isNew: true,
        disabledReason: whole,
      },
      {
        id: "from-here",
        label: selected ? `From “${selected.name}” on` : "From the selected step on",
        help: "Earlier outputs are taken over; this run stays as it is",
        command: "rerun",
        body: { from_step: selected?.stepId ?? "" },
        isNew: true,
        disabledReason: whole ?? (selected ? whyNotRound(selected) : "Select a step first"),
      },
    ],
  };
}

function whyNotFailed(now: RetrySituation): string | null {
  if (now.status !== "failed") {
    return hasEnded(now.status) ? "Nothing in it failed" : "It has not ended";
  }
  if (now.stopping === "timeout") return "Its time ran out: go on from a step instead";
  return now.nested ? "It runs inside another execution: retry that one" : null;
}

function whyNotHere(now: RetrySituation, atRest: boolean): string | null {
  if (!now.selected) return "Select a step first";
  if (!atRest) return "It has not ended; cancel or pause it first";
  return whyNotRound(now.selected);
}

function whyNotRound(selected: { repeated: boolean }): string | null {
  return selected.repeated ? "It is one round of a repetition: choose what repeats it" : null;
}
