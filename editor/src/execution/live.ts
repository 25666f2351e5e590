/**
 * The live truth about one execution: a snapshot, then its events, over whatever connection there
 * is.  Refuses to guess: what it shows is what the server last said, and it says how it hears of
 * it.  It leaves no timer, request or stream behind once it is closed.
 *
 * Events come by a stream; where streams fail again and again, by asking for them every few
 * seconds.  Both go on after the last event folded in, so nothing is lost or counted twice.
 */

import { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import { FINAL_STATUSES } from "@/contracts/generated/statuses";
import {
  type Connection,
  type ConnectionState,
  FAILURES_BEFORE_POLLING,
  FAR_BEHIND,
  FIRST_WAIT_MILLISECONDS,
  HIDDEN_MILLISECONDS,
  type LiveState,
  LONGEST_WAIT_MILLISECONDS,
  POLL_MILLISECONDS,
  POLLS_BEFORE_STREAM,
  RECORD_MILLISECONDS,
  REFUSALS,
  SOON_MILLISECONDS,
  STEADY_MILLISECONDS,
  TELLING,
} from "./connection";
import { evolve } from "./evolve";
import { hasGap } from "./gap";
import { adopt, withHistory } from "./history";
import { errorOf, Records, readHistory } from "./records";
import { fromSnapshot } from "./snapshot";
import { readStream } from "./stream";
import { browser, type Surroundings } from "./surroundings";
import { Timers } from "./timers";
import type { ExecutionView } from "./view";

type Timer = "reconnect" | "poll" | "steady" | "record" | "hidden";

export class Live {
  private current: LiveState;
  private readonly listeners = new Set<() => void>();
  private readonly timers: Timers<Timer>;
  private stopReading: (() => void) | null = null;
  private stopWatchingPage: (() => void) | null = null;
  private isOpen = false;
  /** Whether nobody looks, so that nothing is read. */
  private isAsleep = false;
  private polls = 0;
  /** When the record was last asked for. */
  private recordAt = Number.NEGATIVE_INFINITY;
  private readonly records: Records;

  constructor(
    readonly id: string,
    private readonly around: Surroundings = browser,
  ) {
    const connection: Connection = { state: "connecting", since: around.now(), failures: 0 };
    this.current = { view: null, record: null, connection, error: null, history: "unknown" };
    this.records = new Records(id, around);
    this.timers = new Timers(around);
  }

  /** What is known now; the same object until something changes. */
  readonly state = (): LiveState => this.current;

  /** Calls `listener` after each change; returns what ends that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to follow; once more has no effect. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.stopWatchingPage = this.around.onVisibility(() => this.onVisibility());
    void this.begin();
    this.onVisibility();
  }

  /** Ends everything at once: streams, timers, and what requests under way would bring. */
  close(): void {
    this.isOpen = false;
    this.rest();
    this.timers.cancel("hidden");
    this.stopWatchingPage?.();
    this.stopWatchingPage = null;
  }

  /** Reads the record now, and goes on if the execution has been opened again. */
  refresh(): void {
    if (!this.isOpen || this.isAsleep) return;
    if (this.stopReading) void this.readRecord();
    else void this.begin();
  }

  /** Reads the past once, for its attempts and lines, which no snapshot tells. */
  async loadHistory(): Promise<void> {
    if (this.current.history !== "unknown" || !this.current.view) return;
    this.set({ history: "loading" });
    const past = await readHistory(this.around, this.id, this.current.view.lastSeq);
    const { view } = this.current;
    if (!this.isOpen || !view) return;
    const history = past === null ? "unknown" : past.isWhole ? "complete" : "partial";
    this.set({ view: past ? withHistory(view, past.events) : view, history });
  }

  // -- the connection ---------------------------------------------------------------------------

  /** Reads the record, puts in what it tells if that is needed, and listens on. */
  private async begin(): Promise<void> {
    const answer = await this.records.read();
    if (!answer || !this.isOpen || this.isAsleep || this.stopReading) return;
    if (answer.error) return this.onFailure(answer.error);
    const { record } = answer;
    const { view } = this.current;
    const isBehind = view !== null && record.last_seq - view.lastSeq > FAR_BEHIND;
    const isReopened = view !== null && record.last_seq > view.lastSeq && isFinal(view);
    if (!view) this.set({ view: fromSnapshot(record) });
    else if (isBehind || isReopened || view.stale) {
      if (record.last_seq >= view.lastSeq) this.set({ view: adopt(fromSnapshot(record), view) });
    }
    this.set({ record, error: null });
    this.listen();
  }

  private listen(): void {
    const { view } = this.current;
    if (!view) return;
    if (isFinal(view)) {
      this.connect("ended", 0);
      return;
    }
    this.stopReading = readStream(this.around, this.id, view.lastSeq, {
      onOpen: () => {
        this.connect("live");
        this.timers.set("steady", STEADY_MILLISECONDS, () => this.connect("live", 0));
      },
      onEvents: (events) => this.onEvents(events),
      onEnd: () => this.onClosed(),
      onBreak: () => this.onClosed(),
      onReset: () => {
        this.stopReading = null;
        this.set({ view: null });
        void this.begin();
      },
    });
  }

  private onClosed(): void {
    this.stopReading = null;
    const { view } = this.current;
    if (view && isFinal(view)) this.connect("ended", 0);
    else this.onFailure(null);
  }

  private onEvents(events: readonly WireEvent[]): void {
    const { view, connection } = this.current;
    if (view && hasGap(view, events)) {
      this.stopReading?.();
      this.stopReading = null;
      this.onFailure(null);
      return;
    }
    if (connection.state !== "live" || connection.failures > 0) this.connect("live", 0);
    this.take(events);
  }

  private take(events: readonly WireEvent[]): void {
    const { view } = this.current;
    if (!view) return;
    const folded = evolve(view, events);
    if (folded === view) return;
    const isTelling = events.some((event) => TELLING.has(event.type));
    this.set({ view: this.records.corrected(folded, events) });
    if (isTelling || folded.stale) this.wantRecord();
  }

  private onFailure(error: ApiError | null): void {
    this.timers.cancel("steady");
    if (error) this.set({ error });
    const isKnown = this.current.view !== null;
    const failures = this.current.connection.failures + 1;
    if (error && REFUSALS.has(error.status)) {
      this.rest();
      this.connect("failed");
    } else if (isKnown && failures >= FAILURES_BEFORE_POLLING) {
      this.connect(error ? "reconnecting" : "polling", failures);
      this.polls = 0;
      this.timers.set("poll", error ? POLL_MILLISECONDS : 0, () => void this.poll());
    } else {
      this.connect(isKnown ? "reconnecting" : "connecting", failures);
      const wait = FIRST_WAIT_MILLISECONDS * 2 ** (failures - 1);
      const bounded = Math.min(wait, LONGEST_WAIT_MILLISECONDS);
      this.timers.set("reconnect", bounded, () => void this.begin());
    }
  }

  private async poll(): Promise<void> {
    const { view } = this.current;
    if (!view || this.stopReading) return;
    const page = await this.around.fetchEvents(this.id, view.lastSeq).catch(errorOf);
    if (!this.isOpen || this.isAsleep) return;
    if (page instanceof ApiError) {
      if (REFUSALS.has(page.status)) return this.onFailure(page);
      this.connect("reconnecting");
      return this.timers.set("poll", POLL_MILLISECONDS, () => void this.poll());
    }
    this.take(page.events);
    if (this.current.view && isFinal(this.current.view) && !page.more) {
      return this.connect("ended", 0);
    }
    this.connect("polling");
    this.polls += page.more ? 0 : 1;
    if (this.polls > POLLS_BEFORE_STREAM) return this.listen();
    this.timers.set("poll", page.more ? 0 : POLL_MILLISECONDS, () => void this.poll());
  }

  // -- the record -------------------------------------------------------------------------------

  private wantRecord(milliseconds?: number): void {
    if (this.timers.has("record")) return;
    const due = Math.max(
      this.recordAt + RECORD_MILLISECONDS - this.around.now(),
      SOON_MILLISECONDS,
    );
    this.timers.set("record", milliseconds ?? due, () => void this.readRecord());
  }

  private async readRecord(): Promise<void> {
    this.recordAt = this.around.now();
    const answer = await this.records.read();
    if (!answer || !this.isOpen) return;
    if (answer.error) {
      if (!REFUSALS.has(answer.error.status)) this.wantRecord(POLL_MILLISECONDS);
      return;
    }
    if (answer.record.last_seq < (this.current.record?.last_seq ?? 0)) return;
    this.set({ record: answer.record });
    const { view } = this.current;
    if (view) this.set({ view: this.records.corrected(view, []) });
  }

  // -- the page ---------------------------------------------------------------------------------

  private onVisibility(): void {
    if (this.around.isHidden()) {
      this.timers.set("hidden", HIDDEN_MILLISECONDS, () => {
        this.isAsleep = true;
        this.rest();
      });
      return;
    }
    this.timers.cancel("hidden");
    if (!this.isAsleep) return;
    this.isAsleep = false;
    if (this.current.connection.state === "failed") return;
    this.connect(this.current.view ? "reconnecting" : "connecting", 0);
    void this.begin();
  }

  /** Reads nothing any more, and forgets what was to be done. */
  private rest(): void {
    this.stopReading?.();
    this.stopReading = null;
    this.records.forget();
    this.timers.cancel("reconnect", "poll", "steady", "record");
  }

  // -- inside -----------------------------------------------------------------------------------

  private connect(state: ConnectionState, failures?: number): void {
    const before = this.current.connection;
    const since = before.state === state ? before.since : this.around.now();
    const after = { state, since, failures: failures ?? before.failures };
    if (after.state !== before.state || after.failures !== before.failures) {
      this.set({ connection: after });
    }
  }

  private set(changes: Partial<LiveState>): void {
    this.current = { ...this.current, ...changes };
    for (const listener of this.listeners) listener();
  }
}

function isFinal(view: ExecutionView): boolean {
  return FINAL_STATUSES.has(view.status);
}
