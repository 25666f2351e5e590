/**
 * Where an execution's events come from: a stream, or, where streams fail again and again, asking
 * every few seconds.  Refuses to know what events mean; whoever uses it says where to go on.
 */

import { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import {
  type ConnectionState,
  FAILURES_BEFORE_POLLING,
  FIRST_WAIT_MILLISECONDS,
  LONGEST_WAIT_MILLISECONDS,
  POLL_MILLISECONDS,
  POLLS_BEFORE_STREAM,
  REFUSALS,
  SILENCE_MILLISECONDS,
} from "./connection";
import { errorOf } from "./records";
import { readStream } from "./stream";
import type { Surroundings } from "./surroundings";
import { Timers } from "./timers";

/** Whoever wants the events. */
export interface Taker {
  /** The last event it has. */
  position(): number;
  /** Whether nothing follows that. */
  isOver(): boolean;
  /** Takes events that follow; returns whether none is missing before them. */
  take(events: readonly WireEvent[]): boolean;
  /** How events come in now, and how often in a row a stream could not be had. */
  onState(state: ConnectionState, failures: number): void;
  onError(error: ApiError): void;
  /** The feed has stopped, and it is time to begin again. */
  onTurn(): void;
  /** What the taker has is none of this log's. */
  onReset(): void;
}

export class Feed {
  private readonly timers: Timers<"turn" | "poll" | "silence">;
  private stopReading: (() => void) | null = null;
  private state: ConnectionState = "connecting";
  private failures = 0;
  private polls = 0;
  private isStopped = true;
  private hasBegun = false;

  constructor(
    private readonly id: string,
    private readonly around: Surroundings,
    private readonly taker: Taker,
  ) {
    this.timers = new Timers(around);
  }

  /** Whether events come in, or are waited for. */
  get isRunning(): boolean {
    return !this.isStopped;
  }

  /** Begins after what the taker has; a feed of what is over is over at once. */
  start(): void {
    this.stop();
    this.isStopped = false;
    this.hasBegun = true;
    if (this.taker.isOver()) this.finish();
    else this.read();
  }

  /** Ends everything at once: nothing is told any more. */
  stop(): void {
    this.isStopped = true;
    this.closeStream();
    this.timers.cancel("turn", "poll");
  }

  /** Says that it begins from nothing, as after a pause that nobody saw. */
  forgive(): void {
    this.say(this.hasBegun ? "reconnecting" : "connecting", 0);
  }

  /** Takes note that the server could not be asked; it is tried again later, if that may help. */
  onFailure(error: ApiError): void {
    this.stop();
    this.taker.onError(error);
    if (REFUSALS.has(error.status)) this.say("failed", this.failures);
    else this.retry();
  }

  // -- the stream -------------------------------------------------------------------------------

  private read(): void {
    this.stopReading = readStream(this.around, this.id, this.taker.position(), {
      onOpen: () => this.say("live", this.failures),
      onEvents: (events) => this.onEvents(events),
      onEnd: () => this.onClosed(),
      onBreak: () => this.onClosed(),
      onReset: () => {
        this.stop();
        this.taker.onReset();
      },
    });
    this.listen();
  }

  private onEvents(events: readonly WireEvent[]): void {
    if (!this.taker.take(events)) {
      this.onClosed();
      return;
    }
    // Whoever took them may have had enough.
    if (!this.stopReading) return;
    this.say("live", 0);
    this.listen();
  }

  private onClosed(): void {
    this.closeStream();
    if (this.taker.isOver()) this.finish();
    else if (this.failures + 1 >= FAILURES_BEFORE_POLLING) this.beginPolling();
    else this.retry();
  }

  private closeStream(): void {
    this.stopReading?.();
    this.stopReading = null;
    this.timers.cancel("silence");
  }

  private listen(): void {
    this.timers.set("silence", SILENCE_MILLISECONDS, () => void this.checkSilence());
  }

  /** Asks whether a stream that says nothing has nothing to say: a dead one is silent, too. */
  private async checkSilence(): Promise<void> {
    const { stopReading } = this;
    const position = this.taker.position();
    const page = await this.around.fetchEvents(this.id, position).catch(errorOf);
    if (this.stopReading !== stopReading || this.taker.position() !== position) return;
    if (page instanceof ApiError) {
      this.onFailure(page);
    } else if (page.events.length === 0 && this.state === "live") {
      this.say("live", 0);
      this.listen();
    } else {
      this.taker.take(page.events);
      this.onClosed();
    }
  }

  // -- without a stream -------------------------------------------------------------------------

  private retry(): void {
    this.isStopped = true;
    this.say(this.hasBegun ? "reconnecting" : "connecting", this.failures + 1);
    const wait = FIRST_WAIT_MILLISECONDS * 2 ** (this.failures - 1);
    const bounded = Math.min(wait, LONGEST_WAIT_MILLISECONDS);
    this.timers.set("turn", bounded, () => this.taker.onTurn());
  }

  private beginPolling(): void {
    this.say("polling", this.failures + 1);
    this.polls = 0;
    void this.poll();
  }

  private async poll(): Promise<void> {
    const page = await this.around.fetchEvents(this.id, this.taker.position()).catch(errorOf);
    if (this.isStopped) return;
    if (page instanceof ApiError) {
      this.onFailure(page);
      return;
    }
    this.taker.take(page.events);
    if (this.isStopped) return;
    this.polls += page.more ? 0 : 1;
    if (this.taker.isOver() && !page.more) this.finish();
    else if (this.polls > POLLS_BEFORE_STREAM) this.read();
    else {
      const wait = page.more ? 0 : POLL_MILLISECONDS;
      this.timers.set("poll", wait, () => void this.poll());
    }
  }

  // -- inside -----------------------------------------------------------------------------------

  private finish(): void {
    this.stop();
    this.say("ended", 0);
  }

  private say(state: ConnectionState, failures: number): void {
    this.state = state;
    this.failures = failures;
    this.taker.onState(state, failures);
  }
}
