import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import {
  HIDDEN_MILLISECONDS,
  POLL_MILLISECONDS,
  POLLS_BEFORE_STREAM,
  SILENCE_MILLISECONDS,
} from "./connection";
import { emptyView, evolve } from "./evolve";
import { Live } from "./live";
import { REPLAYS } from "./testing/replays";
import { FakeWorld } from "./testing/world";

const ID = "execution-1";

function eventsOf(name: string): WireEvent[] {
  return REPLAYS[name]?.events ?? [];
}

const EVENTS = eventsOf("parallel");
const WHOLE = evolve(emptyView(ID), EVENTS);
/** In the middle of the run. */
const HALF = Math.floor(EVENTS.length / 2);

let world: FakeWorld;
let live: Live;

/** Opens the connection when so many events have happened. */
async function opened(happened: number, events = EVENTS): Promise<void> {
  world.log = events.slice(0, happened);
  live.open();
  await world.settle();
}

/** Lets events happen that the stream does not tell. */
function happen(until: number, events = EVENTS): WireEvent[] {
  const news = events.slice(world.log.length, until);
  world.log = events.slice(0, until);
  return news;
}

function connection(): string {
  return live.state().connection.state;
}

/** What a run has come to, without what only events, or only records, know. */
function told(view = live.state().view) {
  const steps = [...(view?.steps.values() ?? [])].map(({ key, status, attempt, output }) => ({
    key,
    status,
    attempt,
    output,
  }));
  return { status: view?.status, output: view?.output, lastSeq: view?.lastSeq, steps };
}

beforeEach(() => {
  world = new FakeWorld(ID);
  live = new Live(ID, world);
});

afterEach(() => {
  live.close();
  expect(world.timersLeft).toBe(0);
  expect(world.openStreams).toBe(0);
});

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

describe("a connection that breaks", () => {
  test("says so, and goes on after the last event it has", async () => {
    await opened(HALF);
    world.stream.say("open");
    world.stream.send(...happen(HALF + 2));

    world.stream.say("error");
    expect(connection()).toBe("reconnecting");
    expect(live.state().view?.lastSeq).toBe(HALF + 2);
    happen(HALF + 4);
    await world.pass(500);

    expect(world.stream.after).toBe(HALF + 2);
    world.stream.send(...EVENTS.slice(HALF + 2));
    happen(EVENTS.length);
    world.stream.say("end");
    expect(told()).toEqual(told(WHOLE));
    expect(world.openStreams).toBe(0);
  });

  test("waits longer each time it fails", async () => {
    await opened(HALF);

    world.stream.say("error");
    await world.pass(499);
    expect(world.streams).toHaveLength(1);
    await world.pass(1);
    expect(world.streams).toHaveLength(2);
    world.stream.say("error");
    await world.pass(999);
    expect(world.streams).toHaveLength(2);
    await world.pass(1);
    expect(world.streams).toHaveLength(3);
  });

  test("finds out that a stream is dead which nobody has closed", async () => {
    await opened(HALF);
    world.stream.say("open");
    happen(HALF + 2);

    await world.pass(SILENCE_MILLISECONDS);
    expect(live.state().view?.lastSeq).toBe(HALF + 2);
    expect(connection()).toBe("reconnecting");
    await world.pass(500);

    expect(world.streams).toHaveLength(2);
    expect(world.stream.after).toBe(HALF + 2);
    expect(world.openStreams).toBe(1);
  });

  test("leaves a stream alone that has nothing to say", async () => {
    await opened(HALF);
    world.stream.say("open");

    await world.pass(SILENCE_MILLISECONDS * 10);

    expect(world.streams).toHaveLength(1);
    expect(connection()).toBe("live");
    expect(world.asked.pages).toBe(10);
  });

  test("gives up a stream that is not answered at all", async () => {
    await opened(HALF);

    await world.pass(SILENCE_MILLISECONDS + 500);

    expect(world.streams).toHaveLength(2);
    expect(world.openStreams).toBe(1);
  });

  test("asks for events where streams fail again and again, and tries a stream at times", async () => {
    await opened(HALF);
    for (const wait of [500, 1_000, 2_000, 0]) {
      world.stream.say("error");
      await world.pass(wait);
    }
    expect(connection()).toBe("polling");
    expect(world.openStreams).toBe(0);

    happen(EVENTS.length - 1);
    await world.pass(POLL_MILLISECONDS);
    expect(live.state().view?.lastSeq).toBe(EVENTS.length - 1);
    const before = world.streams.length;
    await world.pass(POLL_MILLISECONDS * POLLS_BEFORE_STREAM);
    expect(world.streams.length).toBe(before + 1);
    world.stream.send(...happen(EVENTS.length));
    await world.pass(16);

    expect(told()).toEqual(told(WHOLE));
    expect(connection()).toBe("live");
  });

  test("ends by asking, too", async () => {
    await opened(HALF);
    for (const wait of [500, 1_000, 2_000, 0]) {
      world.stream.say("error");
      await world.pass(wait);
    }

    happen(EVENTS.length);
    await world.pass(POLL_MILLISECONDS);

    expect(connection()).toBe("ended");
    expect(told()).toEqual(told(WHOLE));
  });

  test("shows no event after one that is missing", async () => {
    await opened(HALF);

    world.stream.send(...happen(EVENTS.length).slice(1));
    await world.pass(16);
    expect(live.state().view?.lastSeq).toBe(HALF);
    expect(connection()).toBe("reconnecting");
    await world.pass(500);
    world.stream.send(...EVENTS.slice(world.stream.after));
    await world.pass(16);

    expect(told()).toEqual(told(WHOLE));
  });

  test("forgets what it knew where the server knows no such place", async () => {
    await opened(HALF);
    happen(3);
    world.log = EVENTS.slice(0, 3);

    world.stream.say("reset", { last_seq: 3 });
    await world.settle();

    expect(live.state().view?.lastSeq).toBe(3);
    expect(world.stream.after).toBe(3);
  });

  test("takes an end in the middle for a break", async () => {
    await opened(HALF);

    world.stream.say("end");

    expect(connection()).toBe("reconnecting");
    await world.pass(500);
    expect(world.openStreams).toBe(1);
  });

  test("asks no more for what is not there, or not ours", async () => {
    world.refusal = new ApiError(404, "execution.not_found", "there is none");
    await opened(0);

    await world.pass(60_000);

    expect(connection()).toBe("failed");
    expect(live.state().error?.code).toBe("execution.not_found");
    expect(world.asked.records).toBe(1);
  });

  test("comes back when a server that could not be reached can", async () => {
    world.refusal = new ApiError(0, "server.unreachable", "it is away");
    await opened(HALF);
    await world.pass(3_000);
    expect(connection()).toBe("connecting");

    world.refusal = null;
    await world.pass(5_000);

    expect(live.state().error).toBeNull();
    expect(live.state().view?.lastSeq).toBe(HALF);
  });
});

describe("a page that nobody sees", () => {
  test("closes its stream after a minute, and catches up when it is seen", async () => {
    await opened(HALF);
    world.stream.say("open");
    world.setHidden(true);
    await world.pass(HIDDEN_MILLISECONDS - 1);
    expect(world.openStreams).toBe(1);
    await world.pass(1);
    expect(world.openStreams).toBe(0);
    expect(world.timersLeft).toBe(0);

    happen(EVENTS.length);
    world.setHidden(false);
    await world.settle();
    expect(world.stream.after).toBe(HALF);
    world.stream.send(...EVENTS.slice(HALF));
    await world.pass(16);

    expect(told()).toEqual(told(WHOLE));
  });

  test("that is seen again soon goes on as it was", async () => {
    await opened(HALF);
    world.stream.say("open");
    world.setHidden(true);
    await world.pass(1_000);
    world.setHidden(false);
    await world.pass(HIDDEN_MILLISECONDS);

    expect(world.streams).toHaveLength(1);
    expect(world.openStreams).toBe(1);
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
