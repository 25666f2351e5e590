/** A connection to an execution: from the snapshot to its end, and once more after that. */
import { describe, expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { POLL_MILLISECONDS } from "./connection";
import { emptyView, evolve } from "./evolve";
import {
  connection,
  EVENTS,
  eventsOf,
  HALF,
  happen,
  ID,
  live,
  opened,
  told,
  WHOLE,
  watchAnew,
  world,
} from "./testing/watched";

watchAnew();

describe("a connection that is well", () => {
  test("goes on after the snapshot, and comes to the whole", async () => {
    await opened(HALF);
    expect(world.stream.after).toBe(HALF);
    world.stream.say("open");

    world.stream.send(...happen(EVENTS.length));
    world.stream.say("end");

    expect(told()).toEqual(told(WHOLE));
    expect(connection()).toBe("ended");
  });

  test("tells once a frame, however many events come", async () => {
    await opened(1);
    world.stream.say("open");
    let changes = 0;
    live.subscribe(() => {
      changes += live.state().view?.lastSeq === EVENTS.length - 1 ? 1 : 0;
    });

    world.stream.send(...happen(EVENTS.length - 1));
    expect(live.state().view?.lastSeq).toBe(1);
    await world.pass(16);

    expect(live.state().view?.lastSeq).toBe(EVENTS.length - 1);
    expect(changes).toBe(1);
  });

  test("opens no stream for what has ended", async () => {
    await opened(EVENTS.length);

    expect(connection()).toBe("ended");
    expect(world.streams).toHaveLength(0);
    expect(told()).toEqual(told(WHOLE));
  });

  test("counts doubled and late events once", async () => {
    await opened(HALF);
    world.stream.send(...EVENTS.slice(0, HALF), ...happen(EVENTS.length));
    world.stream.send(...EVENTS.slice(HALF));
    await world.pass(16);

    expect(told()).toEqual(told(WHOLE));
  });

  test("reads the record anew when the execution comes to rest", async () => {
    await opened(HALF);

    world.stream.send(...happen(EVENTS.length));
    await world.pass(100);

    expect(live.state().record?.status).toBe("completed");
    expect(world.asked.records).toBe(2);
  });

  test("reads the record once more when that failed", async () => {
    await opened(HALF);
    world.refusal = new ApiError(0, "server.unreachable", "it is away");
    world.stream.send(...happen(EVENTS.length));
    await world.pass(1_000);
    expect(live.state().record?.status).toBe("running");

    world.refusal = null;
    await world.pass(POLL_MILLISECONDS);

    expect(live.state().record?.status).toBe("completed");
  });
});

describe("an execution that is opened again", () => {
  const events = eventsOf("foreach-with-failures-retried");
  const reopened = events.findIndex((event) => event.type === "execution_reopened");

  test("goes on once somebody asks for its record", async () => {
    await opened(reopened, events);
    expect(connection()).toBe("ended");
    expect(live.state().view?.status).toBe("failed");

    happen(reopened + 2, events);
    live.refresh();
    await world.settle();
    expect(live.state().view?.status).toBe("running");
    world.stream.send(...happen(events.length, events));
    await world.pass(16);

    expect(live.state().view?.status).toBe("completed");
  });

  test("is read anew where a snapshot did not say which rounds had settled", async () => {
    await opened(reopened - 5, events);
    world.stream.send(...happen(reopened + 1, events));
    await world.pass(16);
    expect(live.state().view?.stale).toBe(true);

    await world.pass(100);

    expect(live.state().view?.stale).toBe(false);
    const whole = evolve(emptyView(ID), events.slice(0, reopened + 1));
    expect(told()).toEqual(told(whole));
  });

  test("keeps what happens while it is read anew", async () => {
    await opened(reopened - 5, events);
    world.recordMilliseconds = 200;
    world.stream.send(...happen(reopened + 1, events));
    await world.pass(100);

    world.stream.send(...happen(reopened + 8, events));
    await world.pass(200);

    expect(live.state().view?.stale).toBe(false);
    expect(told()).toEqual(told(evolve(emptyView(ID), events.slice(0, reopened + 8))));
  });

  test("never moves back for a late event", async () => {
    await opened(events.length, events);
    const before = live.state().view;

    live.refresh();
    await world.settle();

    expect(live.state().view).toBe(before);
    expect(before?.status).toBe("completed");
  });
});

describe("what lay before the snapshot", () => {
  const events = eventsOf("retries-until-one-succeeds");

  test("is read once it is asked for", async () => {
    await opened(events.length, events);
    expect(live.state().view?.steps.get("flaky")?.attempts).toEqual([]);

    await live.loadHistory();

    const attempts = live.state().view?.steps.get("flaky")?.attempts ?? [];
    expect(attempts.map((it) => [it.attempt, it.error?.message ?? null])).toEqual([
      [1, "not with 1"],
      [2, "not with 1"],
      [3, null],
    ]);
    expect(live.state().history).toBe("complete");
  });
});

test("a connection that is closed while it waits for an answer leaves nothing behind", async () => {
  world.log = EVENTS.slice(0, HALF);
  live.open();

  live.close();
  await world.pass(60_000);

  expect(world.streams).toHaveLength(0);
});

test("a connection that is closed before it comes back leaves nothing behind", async () => {
  await opened(HALF);
  world.stream.say("error");
  expect(world.timersLeft).toBe(1);

  live.close();

  expect(world.timersLeft).toBe(0);
});

test("a connection that is closed while nobody sees the page leaves nothing behind", async () => {
  await opened(HALF);
  world.setHidden(true);

  live.close();

  expect(world.timersLeft).toBe(0);
});
