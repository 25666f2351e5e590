/** The fold of events: what it counts, what it keeps, and what it leaves the same object. */
import { expect, test } from "vitest";
import type { WireEvent } from "@/contracts/generated/events";
import { emptyView, evolve, MAX_LOGS } from "./evolve";
import { MAX_FAILED, MAX_RECENT } from "./runs";
import { MAX_STREAMED } from "./steps";
import { REPLAYS } from "./testing/replays";
import type { ExecutionView } from "./view";

const AT = "2030-01-01T00:00:00Z";

function replayed(name: string): ExecutionView {
  return evolve(emptyView("execution-1"), REPLAYS[name]?.events ?? []);
}

/** A foreach of so many items, of which every tenth fails; all have settled but the last. */
function manyItems(count: number): WireEvent[] {
  const events: WireEvent[] = [];
  const add = (told: object) => {
    const base = { execution_id: "many", seq: events.length + 1, at: AT };
    events.push({ ...base, ...told } as WireEvent);
  };
  add({ type: "execution_started", trigger: "api", per_step: false });
  const each = { step_id: "each", path: ["each"], attempt: 1 };
  add({ type: "step_scheduled", ...each });
  add({ type: "step_started", ...each, started_at: AT, bodies: [], total: count, concurrency: 1 });
  for (let index = 0; index < count; index += 1) {
    const item = { step_id: "charge", path: ["each", index, "charge"], attempt: 1 };
    add({ type: "step_scheduled", ...item });
    add({ type: "step_started", ...item, started_at: AT, bodies: [], total: null, concurrency: 1 });
    if (index === count - 1) break;
    const error = { name: "ValueError", message: "no", code: "step.failed", details: {} };
    if (index % 10 === 0) add({ type: "step_failed", ...item, error, handled: true });
    else add({ type: "step_completed", ...item, output: index });
    const progress = { current_index: index, completed_count: index + 1, total_count: count };
    add({ type: "step_progress", ...each, ...progress, iteration_status: "completed" });
  }
  return events;
}

test("ten thousand items are counted, and few of them kept", () => {
  const view = evolve(emptyView("many"), manyItems(10_000));

  const node = view.nodes.get("charge");
  expect(node?.counts).toEqual({ running: 1, completed: 8_999, failed: 1_000 });
  expect(node?.runs).toBe(10_000);
  expect(node?.status).toBe("running");
  expect(node?.failed).toHaveLength(MAX_FAILED);
  expect(view.steps.size).toBe(1 + 1 + MAX_FAILED + MAX_RECENT);
  expect(view.steps.has("charge[9999]")).toBe(true);
  expect(view.steps.get("each")?.progress).toEqual({
    completed: 9_999,
    total: 10_000,
    closed: [[0, 9_998]],
  });
});

test("runs that an event is not about stay the very same objects", () => {
  const events = REPLAYS.parallel?.events ?? [];
  const before = evolve(emptyView("execution-1"), events.slice(0, -6));

  const after = evolve(before, events);

  const same = [...before.steps].filter(([key, step]) => after.steps.get(key) === step);
  expect(same.length).toBeGreaterThan(0);
  expect(after.steps).not.toBe(before.steps);
});

test("a view that was folded on is not changed by that", () => {
  const events = REPLAYS["foreach-with-failures-retried"]?.events ?? [];
  const middle = evolve(emptyView("execution-1"), events.slice(0, 30));
  const copy = structuredClone(middle);

  evolve(middle, events);

  expect(middle).toEqual(copy);
});

test("a finished execution is moved by nothing but that it is opened again", () => {
  const done = replayed("sequence");
  const seq = done.lastSeq;
  const late = { execution_id: "execution-1", at: AT };

  const after = evolve(done, [
    { ...late, seq: seq + 1, type: "execution_resumed", by: "", reason: "" },
    { ...late, seq: seq + 2, type: "step_scheduled", step_id: "b", path: ["b"], attempt: 1 },
  ]);

  expect(after.status).toBe("completed");
  expect(after.steps).toEqual(done.steps);
});

test("attempts are told with their ends and their errors", () => {
  const attempts = replayed("retries-until-none-is-left").steps.get("flaky")?.attempts ?? [];

  expect(attempts.map((it) => [it.attempt, it.error?.message, it.retryAt !== null])).toEqual([
    [1, "not with 1", true],
    [2, "not with 1", false],
  ]);
});

test("what a step writes is kept within bounds, and counted", () => {
  const step = replayed("streams-and-lines").steps.get("writes");

  expect(step?.streamed).toHaveLength(MAX_STREAMED);
  expect(step?.streamedCount).toBe(61);
  expect(step?.streamed.at(-1)?.kind).toBe("data-progress");
});

test("lines are kept within bounds, and counted", () => {
  const line = { type: "log", execution_id: "x", at: AT, level: "info", message: "m", fields: {} };
  const lines = Array.from({ length: MAX_LOGS + 5 }, (_, n) => ({ ...line, seq: n + 1 }));

  const view = evolve(emptyView("x"), lines as WireEvent[]);

  expect(view.logs).toHaveLength(MAX_LOGS);
  expect(view.logs[0]?.seq).toBe(6);
  expect(view.logCount).toBe(MAX_LOGS + 5);
});

test("a nested workflow's step knows the execution inside it", () => {
  const view = replayed("nested");

  expect(view.steps.get("told-middle")?.nested).toBe("execution-2");
  expect(view.steps.has("inner")).toBe(false);
});

test("counters leave out rounds and plumbing", () => {
  const view = replayed("foreach");

  expect(view.counters).toEqual({ reached: 2, settled: 2, failed: 0 });
});

test("a failed loop that is retried has its rounds again", () => {
  const events = REPLAYS["loop-failed-in-its-second-round"]?.events ?? [];
  const at = events.findIndex((event) => event.type === "execution_reopened");

  const view = evolve(emptyView("execution-1"), events.slice(0, at + 1));

  expect(view.status).toBe("running");
  expect(view.error).toBeNull();
  expect(view.endedAt).toBeNull();
  expect(view.stale).toBe(false);
});
