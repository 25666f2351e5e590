/** A connection that breaks, or that nobody looks at: it comes back, and nothing is missing. */
import { describe, expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import {
  HIDDEN_MILLISECONDS,
  POLL_MILLISECONDS,
  POLLS_BEFORE_STREAM,
  SILENCE_MILLISECONDS,
} from "./connection";
import {
  connection,
  EVENTS,
  HALF,
  happen,
  live,
  opened,
  told,
  WHOLE,
  watchAnew,
  world,
} from "./testing/watched";

watchAnew();

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

describe("a browser without a network", () => {
  test("says so at once, asks nothing, and comes to the whole when it is back", async () => {
    await opened(HALF);
    world.stream.say("open");
    const stream = world.stream;

    world.setOffline(true);
    expect(connection()).toBe("reconnecting");
    expect(stream.isClosed).toBe(true);
    const { records } = world.asked;
    await world.pass(60_000);
    expect(world.asked.records).toBe(records);

    happen(EVENTS.length);
    world.setOffline(false);
    await world.pass(0);
    expect(world.asked.records).toBe(records + 1);
    world.stream.send(...EVENTS.slice(HALF));
    world.stream.say("end");

    expect(told()).toEqual(told(WHOLE));
    expect(connection()).toBe("ended");
  });
});
