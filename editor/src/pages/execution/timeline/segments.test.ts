/** The parts of a run's bar: queue, work and waits. */
import { expect, test } from "vitest";
import { barOf, type Timed } from "./segments";

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

function step(changes: Partial<Timed>): Timed {
  return {
    kind: "tool",
    status: "completed",
    scheduledAt: at(0),
    startedAt: at(1),
    endedAt: at(5),
    attempts: [],
    suspendedAt: null,
    resumedAt: null,
    retryAt: null,
    error: null,
    ...changes,
  };
}

function shape(changes: Partial<Timed>, now = 100): string[] {
  return barOf(step(changes), now * 1_000).segments.map(
    (it) => `${it.phase} ${it.from / 1_000}-${it.to / 1_000}`,
  );
}

test("time in the queue is told apart from work", () => {
  expect(shape({})).toEqual(["queue 0-1", "run 1-5"]);
});

test("what runs grows to the present", () => {
  expect(shape({ status: "running", endedAt: null }, 9)).toEqual(["queue 0-1", "run 1-9"]);
});

test("what was never begun waits in the queue", () => {
  expect(shape({ status: "scheduled", startedAt: null, endedAt: null }, 3)).toEqual(["queue 0-3"]);
});

test("a question is a wait inside the work", () => {
  expect(shape({ suspendedAt: at(2), resumedAt: at(4) })).toEqual([
    "queue 0-1",
    "run 1-2",
    "wait 2-4",
    "run 4-5",
  ]);
});

test("an approval waits from its beginning", () => {
  expect(shape({ kind: "approval" })).toEqual(["wait 0-5"]);
});

test("between attempts it waits, and each failure leaves a mark", () => {
  const error = { name: "E", message: "", code: "", details: {} };
  const attempts = [
    { attempt: 1, startedAt: at(1), endedAt: at(2), error, retryAt: at(3) },
    { attempt: 2, startedAt: null, endedAt: at(5), error: null, retryAt: null },
  ];

  expect(shape({ attempts })).toEqual(["queue 0-1", "run 1-2", "wait 2-3", "run 3-5"]);
  expect(barOf(step({ attempts }), 0).failures).toEqual([2_000]);
});

test("a failure without a history still leaves its mark", () => {
  expect(barOf(step({ status: "failed" }), 0).failures).toEqual([5_000]);
});

test("what waits for its next attempt waits until the present", () => {
  const error = { name: "E", message: "", code: "", details: {} };
  const attempts = [{ attempt: 1, startedAt: at(1), endedAt: at(2), error, retryAt: at(30) }];

  const now = { status: "retrying", endedAt: null, attempts } as const;

  expect(shape(now, 9)).toEqual(["queue 0-1", "run 1-2", "wait 2-9"]);
});
