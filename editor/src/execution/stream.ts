/** One reading of an execution's stream: events in batches, a frame each, until it breaks or ends. */

import { EVENT_TYPES, type WireEvent } from "@/contracts/generated/events";
import type { MessageStream, Surroundings } from "./surroundings";

/** What is told of a stream; nothing is told once it was closed. */
export interface Listener {
  /** The server has answered. */
  onOpen(): void;
  onEvents(events: readonly WireEvent[]): void;
  /** The execution is over: the server closed the stream for good. */
  onEnd(): void;
  /** The server knows no such place in the log. */
  onReset(): void;
  /** The stream broke off; it is closed, and comes back only if somebody opens another. */
  onBreak(): void;
}

/** Reads the stream of `id` after the event `after`; returns what stops that. */
export function readStream(
  surroundings: Surroundings,
  id: string,
  after: number,
  listener: Listener,
): () => void {
  let waiting: WireEvent[] = [];
  let cancelFrame: (() => void) | null = null;
  let stream: MessageStream | null = surroundings.openStream(id, after);

  const flush = () => {
    cancelFrame?.();
    cancelFrame = null;
    const events = waiting;
    waiting = [];
    if (events.length > 0) listener.onEvents(events);
  };
  const close = () => {
    stream?.close();
    stream = null;
    cancelFrame?.();
    cancelFrame = null;
    waiting = [];
  };
  const finish = (tell: () => void) => () => {
    if (!stream) return;
    flush();
    // Whoever was told of events may have closed it.
    if (!stream) return;
    close();
    tell();
  };
  const take = (message: MessageEvent<string>) => {
    if (!stream) return;
    waiting.push(JSON.parse(message.data) as WireEvent);
    cancelFrame ??= surroundings.nextFrame(flush);
  };

  for (const type of EVENT_TYPES) stream.addEventListener(type, take);
  stream.addEventListener("open", () => stream && listener.onOpen());
  stream.addEventListener("end", finish(listener.onEnd));
  stream.addEventListener("reset", finish(listener.onReset));
  stream.addEventListener("error", finish(listener.onBreak));
  return close;
}
