/** Recorded executions fold to what the server says of them. */
import { describe, expect, test } from "vitest";
import { EVENT_TYPES, type WireEvent } from "@/contracts/generated/events";
import { emptyView, evolve } from "./evolve";
import { fromSnapshot } from "./snapshot";
import { changedBy, REPLAYS, type RecordedExecution, type Shape, shapeOf } from "./testing/replays";
import type { ExecutionView, StepView } from "./view";

const TOLD = Object.entries(REPLAYS).flatMap(([name, replay]) =>
  replay.executions.map((execution) => ({ name, events: replay.events, execution })),
);

function fresh({ id, path }: RecordedExecution): ExecutionView {
  return emptyView(id, path);
}

/** In repetitions only some runs are kept; of the others nothing can be compared. */
function keptOf(shape: Shape, view: ExecutionView): Shape {
  const steps = Object.entries(shape.steps).filter(
    ([key]) => view.steps.has(key) || !key.includes("["),
  );
  return { ...shape, steps: Object.fromEntries(steps) };
}

/** What a record and events must agree on; times are one moment, however they are written. */
function comparable(view: ExecutionView) {
  const moment = (time: string | null) => (time === null ? null : Date.parse(time));
  const step = (it: StepView) => ({
    ...it,
    // Known to records, or to events, alone.
    kind: null,
    attempts: [],
    handled: false,
    suppliedBy: "",
    streamed: [],
    streamedCount: 0,
    seq: 0,
    path: it.path.map(String),
    scheduledAt: moment(it.scheduledAt),
    startedAt: moment(it.startedAt),
    endedAt: moment(it.endedAt),
    suspendedAt: moment(it.suspendedAt),
    resumedAt: moment(it.resumedAt),
    retryAt: moment(it.retryAt),
    until: moment(it.until),
    progress: it.progress && { completed: it.progress.completed, total: it.progress.total },
  });
  return {
    ...view,
    startedAt: moment(view.startedAt),
    endedAt: moment(view.endedAt),
    createdAt: null,
    trigger: view.startedAt && view.trigger,
    steps: Object.fromEntries([...view.steps].sort().map(([key, it]) => [key, step(it)])),
    nodes: Object.fromEntries(
      [...view.nodes]
        .sort()
        .map(([id, { counts, runs, status }]) => [id, { counts, runs, status }]),
    ),
    logs: [],
    logCount: 0,
    stale: false,
  };
}

describe("the fold of recorded executions", () => {
  test("every event occurs in some of them", () => {
    const told = new Set(Object.values(REPLAYS).flatMap((it) => it.events.map((e) => e.type)));

    expect(EVENT_TYPES.filter((type) => !told.has(type))).toEqual([]);
  });

  test.each(TOLD)("$name: $execution.id comes to what Python's does, event by event", (told) => {
    const { events, execution } = told;
    const changes = new Map(execution.states.map((state) => [state.seq, state]));
    let view = fresh(execution);
    let expected: Shape = { status: "pending", stopping: "", steps: {} };

    for (const event of events) {
      view = evolve(view, [event]);
      const change = changes.get(event.seq);
      if (change) expected = changedBy(expected, change);

      expect(shapeOf(view), `after event ${event.seq}`).toEqual(keptOf(expected, view));
    }
  });

  test.each(TOLD)("$name: $execution.id is the same however its events are cut", (told) => {
    const { events, execution } = told;
    const whole = evolve(fresh(execution), events);

    for (let cut = 0; cut <= events.length; cut += 1) {
      const first = evolve(fresh(execution), events.slice(0, cut));
      const late = evolve(first, events.slice(0, cut));
      const both = evolve(late, events.slice(Math.max(0, cut - 3)));

      expect(late).toBe(first);
      expect(both).toEqual(whole);
    }
  });

  test.each(TOLD)("$name: $execution.id's records, and the events after them, agree", (told) => {
    const { events, execution } = told;
    const last = execution.records.at(-1);

    for (const record of execution.records) {
      const until = evolve(fresh(execution), upTo(events, record.last_seq));
      const after = evolve(fromSnapshot(record), events);

      expectSame(fromSnapshot(record), { ...until, lastSeq: record.last_seq });
      if (last && !after.stale) {
        expectSame(fromSnapshot(last), { ...after, lastSeq: last.last_seq });
      }
    }
  });
});

/** A record leaves out rounds that went well. */
function expectSame(record: ExecutionView, folded: ExecutionView): void {
  const steps = new Map([...folded.steps].filter(([key]) => record.steps.has(key)));
  const others = [...folded.steps.values()].filter(({ key }) => !record.steps.has(key));

  expect(comparable(record), `at ${record.lastSeq}`).toEqual(comparable({ ...folded, steps }));
  for (const { rounds, status } of others) {
    expect(rounds).not.toEqual([]);
    expect(["completed", "skipped", "cancelled"]).toContain(status);
  }
}

function upTo(events: readonly WireEvent[], seq: number): WireEvent[] {
  return events.filter((event) => event.seq <= seq);
}
