/**
 * The live truth about one execution: a snapshot, then its events, over whatever connection there
 * is.  Refuses to guess: what it shows is what the server last said, and it says how it hears of
 * it.  It leaves no timer, request or stream behind once it is closed.
 *
 * Events come by a stream; where streams fail again and again, by asking for them every few
 * seconds.  Both go on after the last event folded in, so nothing is lost or counted twice.
 */

import type { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import { FINAL_STATUSES } from "@/contracts/generated/statuses";
import {
  type Connection,
  FAR_BEHIND,
  HIDDEN_MILLISECONDS,
  type LiveState,
  POLL_MILLISECONDS,
  RECORD_MILLISECONDS,
  REFUSALS,
  SOON_MILLISECONDS,
  TELLING,
} from "./connection";
import { evolve } from "./evolve";
import { Feed, type Taker } from "./feed";
import { hasGap } from "./gap";
import { adopt, withHistory } from "./history";
import { Records, readHistory } from "./records";
import { fromSnapshot } from "./snapshot";
import { browser, type Surroundings } from "./surroundings";
import { Timers } from "./timers";
import type { ExecutionView } from "./view";

export class Live {
  private current: LiveState;
  private readonly listeners = new Set<() => void>();
  private readonly timers: Timers<"record" | "hidden">;
  private readonly records: Records;
  private readonly feed: Feed;
  private stopWatchingPage: (() => void) | null = null;
  private stopWatchingNetwork: (() => void) | null = null;
  private isOpen = false;
  /** Whether nobody looks, so that nothing is read. */
  private isAsleep = false;
  /** When the record was last asked for. */
  private recordAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly id: string,
    private readonly around: Surroundings = browser,
  ) {
    const connection: Connection = { state: "connecting", since: around.now(), failures: 0 };
    this.current = { view: null, record: null, connection, error: null, history: "unknown" };
    this.records = new Records(id, around);
    this.timers = new Timers(around);
    this.feed = new Feed(id, around, this.taker());
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
    this.stopWatchingNetwork = this.around.onNetwork(() => this.onNetwork());
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
    this.stopWatchingNetwork?.();
    this.stopWatchingNetwork = null;
  }

  /** Reads the record now, and goes on if the execution has been opened again. */
  refresh(): void {
    if (!this.isOpen || this.isAsleep) return;
    if (this.feed.isRunning) void this.readRecord();
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

  // -- events -----------------------------------------------------------------------------------

  /** Reads the record, puts in what it tells if that is needed, and has events come in. */
  private async begin(): Promise<void> {
    const answer = await this.records.read();
    if (!answer || !this.isOpen || this.isAsleep || this.feed.isRunning) return;
    if (answer.error) {
      this.feed.onFailure(answer.error);
      return;
    }
    const { record } = answer;
    const { view } = this.current;
    const isBehind = view !== null && record.last_seq - view.lastSeq > FAR_BEHIND;
    const isReopened = view !== null && record.last_seq > view.lastSeq && isFinal(view);
    if (!view) this.set({ view: fromSnapshot(record) });
    else if (isBehind || isReopened || view.stale) {
      if (record.last_seq >= view.lastSeq) this.set({ view: adopt(fromSnapshot(record), view) });
    }
    this.set({ record, error: null });
    this.feed.start();
  }

  private taker(): Taker {
    return {
      position: () => this.current.view?.lastSeq ?? 0,
      isOver: () => this.current.view !== null && isFinal(this.current.view),
      take: (events) => this.take(events),
      onState: (state, failures) => {
        const before = this.current.connection;
        if (before.state === state && before.failures === failures) return;
        const since = before.state === state ? before.since : this.around.now();
        this.set({ connection: { state, since, failures } });
      },
      onError: (error: ApiError) => this.set({ error }),
      onTurn: () => void this.begin(),
      onReset: () => {
        this.set({ view: null, record: null });
        void this.begin();
      },
    };
  }

  private take(events: readonly WireEvent[]): boolean {
    const { view } = this.current;
    if (!view || hasGap(view, events)) return false;
    const folded = evolve(view, events);
    if (folded === view) return true;
    this.set({ view: this.records.corrected(folded, events) });
    if (folded.stale || events.some((event) => TELLING.has(event.type))) this.wantRecord();
    return true;
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
    this.feed.forgive();
    void this.begin();
  }

  /** Says at once that nothing is heard, and asks at once when something may be. */
  private onNetwork(): void {
    const { state } = this.current.connection;
    if (this.isAsleep || state === "ended" || state === "failed") return;
    this.rest();
    this.feed.forgive();
    if (!this.around.isOffline()) void this.begin();
  }

  /** Reads nothing any more, and forgets what was to be done. */
  private rest(): void {
    this.feed.stop();
    this.records.forget();
    this.timers.cancel("record");
  }

  private set(changes: Partial<LiveState>): void {
    this.current = { ...this.current, ...changes };
    for (const listener of this.listeners) listener();
  }
}

function isFinal(view: ExecutionView): boolean {
  return FINAL_STATUSES.has(view.status);
}
