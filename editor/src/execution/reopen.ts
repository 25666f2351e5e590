/** Folding that somebody had part of an execution done again.  Pure. */

import type { ExecutionReopened } from "@/contracts/generated/events";
import { type RunName, runAt } from "./keys";
import { hasNumber, withoutNumber } from "./ranges";
import type { Runs } from "./runs";
import { againAtWork } from "./steps";
import type { ExecutionView } from "./view";

/** What `event` changes of `view`; its runs are changed in `runs`. */
export function reopen(
  runs: Runs,
  event: ExecutionReopened,
  view: ExecutionView,
): Partial<ExecutionView> {
  // With another version come other steps, of which events say nothing.
  if (event.version !== null) return { stale: true };
  const above = view.path.length;
  const resets = new Map(event.resets.map((key) => [key, nameOf(runs, key, above)]));
  const isKnown = [...resets.keys()].map((key) => runs.remove({ key }));
  const isOpen = event.reopens.map((key) => openAgain(runs, key, above, event.seq));
  const isOwed = [...resets.values()].map(
    (name) => !name?.container || resets.has(name.container) || uncloseRound(runs, name, event.seq),
  );
  return {
    status: "running",
    stopping: "",
    stopReason: "",
    stoppedBy: "",
    endedAt: null,
    output: null,
    error: null,
    stale: view.stale || [...isKnown, ...isOpen, ...isOwed].includes(false),
  };
}

function nameOf(runs: Runs, key: string, above: number): RunName | null {
  const step = runs.get(key);
  return step ? runAt(step.path, above) : null;
}

/** Put the run `key` to work again; return whether all of it is known. */
function openAgain(runs: Runs, key: string, above: number, seq: number): boolean {
  const step = runs.get(key);
  if (!step) return false;
  runs.put(againAtWork(step, seq));
  const name = runAt(step.path, above);
  return !name.container || uncloseRound(runs, name, seq);
}

/** Count the round of the run `name` as one that has not settled; return whether it is known. */
function uncloseRound(runs: Runs, name: RunName, seq: number): boolean {
  const around = name.container === null ? undefined : runs.get(name.container);
  const round = name.rounds.at(-1);
  if (!around || round === undefined) return false;
  const progress = around.progress;
  if (!progress) return true;
  if (!progress.closed) return false;
  if (!hasNumber(progress.closed, round)) return true;
  const completed = Math.max(0, progress.completed - 1);
  const closed = withoutNumber(progress.closed, round);
  // A loop says how far it has come when its first round has settled.
  const isUntold = progress.total === null && completed === 0;
  runs.put({ ...around, progress: isUntold ? null : { ...progress, completed, closed }, seq });
  return true;
}
