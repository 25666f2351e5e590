/** A recorded execution that is watched over a connection; what every test of that begins with. */

import { afterEach, beforeEach, expect } from "vitest";
import type { WireEvent } from "@/contracts/generated/events";
import { emptyView, evolve } from "../evolve";
import { Live } from "../live";
import { REPLAYS } from "./replays";
import { FakeWorld } from "./world";

export const ID = "execution-1";

/** Returns the recorded events of an execution. */
export function eventsOf(name: string): WireEvent[] {
  return REPLAYS[name]?.events ?? [];
}

export const EVENTS = eventsOf("parallel");
export const WHOLE = evolve(emptyView(ID), EVENTS);
/** In the middle of the run. */
export const HALF = Math.floor(EVENTS.length / 2);

/** What a test looks at; made anew before each. */
export let world: FakeWorld;
export let live: Live;

/** Opens the connection when so many events have happened. */
export async function opened(happened: number, events = EVENTS): Promise<void> {
  world.log = events.slice(0, happened);
  live.open();
  await world.settle();
}

/** Lets events happen that the stream does not tell. */
export function happen(until: number, events = EVENTS): WireEvent[] {
  const news = events.slice(world.log.length, until);
  world.log = events.slice(0, until);
  return news;
}

/** Returns how the connection is. */
export function connection(): string {
  return live.state().connection.state;
}

/** What a run has come to, without what only events, or only records, know. */
export function told(view = live.state().view) {
  const steps = [...(view?.steps.values() ?? [])].map(({ key, status, attempt, output }) => ({
    key,
    status,
    attempt,
    output,
  }));
  return { status: view?.status, output: view?.output, lastSeq: view?.lastSeq, steps };
}

/** Has each test of the file begin with a connection of its own, and leave nothing behind. */
export function watchAnew(): void {
  beforeEach(() => {
    world = new FakeWorld(ID);
    live = new Live(ID, world);
  });

  afterEach(() => {
    live.close();
    expect(world.timersLeft).toBe(0);
    expect(world.openStreams).toBe(0);
  });
}
