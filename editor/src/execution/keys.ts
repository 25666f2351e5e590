/** Which run an event is about.  Refuses to know the plan: the way down to a run names it. */

import type { Path } from "@/contracts/generated/events";

/** What the name of a run says. */
export interface RunName {
  readonly key: string;
  readonly nodeId: string;
  readonly stepId: string;
  readonly rounds: readonly number[];
  /** The run of the loop or foreach nearest around it; `null` outside repetitions. */
  readonly container: string | null;
}

/** What the server calls the work inside a repetition of one step. */
const BODY = ":body";

/** The run that `path` leads to, in the execution to which `above` parts of it lead. */
export function runAt(path: Path, above: number): RunName {
  // Of a step that the version in force does not have, the path is its key alone.
  const own = path.length > above ? path.slice(above) : path;
  const last = own.at(-1);
  if (typeof last === "string" && last.includes("[")) return { ...named(last), container: null };
  const rounds = own.filter((part) => typeof part === "number");
  const at = own.findLastIndex((part) => typeof part === "number");
  const around = at > 0 ? String(own[at - 1]) : null;
  const nodeId = typeof last === "number" ? `${around}${BODY}` : String(last);
  return {
    key: keyOf(nodeId, rounds),
    nodeId,
    stepId: faceOf(nodeId),
    rounds,
    container: around === null ? null : keyOf(around, rounds.slice(0, -1)),
  };
}

/** What `key` says: `charge[5][2]` is `charge` in the round 2 of the round 5. */
export function named(key: string): Omit<RunName, "container"> {
  const at = key.indexOf("[");
  const nodeId = at < 0 ? key : key.slice(0, at);
  const rounds =
    at < 0
      ? []
      : key
          .slice(at + 1, -1)
          .split("][")
          .map(Number);
  return { key, nodeId, stepId: faceOf(nodeId), rounds };
}

/** The key of the run of `nodeId` in `rounds`. */
export function keyOf(nodeId: string, rounds: readonly number[]): string {
  return nodeId + rounds.map((round) => `[${round}]`).join("");
}

function faceOf(nodeId: string): string {
  return nodeId.endsWith(BODY) ? nodeId.slice(0, -BODY.length) : nodeId;
}
