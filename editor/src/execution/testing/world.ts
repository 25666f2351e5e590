/** A server, a clock and a page that obey a test: time passes, and news comes, when it says so. */

import type { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import { emptyView, evolve } from "../evolve";
import type { ExecutionRecord, StepRecord } from "../snapshot";
import type { EventPage, MessageStream, Surroundings } from "../surroundings";
import type { ExecutionView, StepView } from "../view";

type Listener = (message: MessageEvent<string>) => void;

/** A stream that a connection has opened. */
export class FakeStream implements MessageStream {
  isClosed = false;
  private readonly listeners = new Map<string, Listener>();

  constructor(readonly after: number) {}

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Lets a message arrive; a closed stream says nothing. */
  say(type: string, told: unknown = {}): void {
    if (this.isClosed) return;
    this.listeners.get(type)?.({ data: JSON.stringify(told) } as MessageEvent<string>);
  }

  send(...events: readonly WireEvent[]): void {
    for (const event of events) this.say(event.type, event);
  }
}

interface Timer {
  at: number;
  action: () => void;
}

export class FakeWorld implements Surroundings {
  /** What has happened so far, by the server. */
  log: WireEvent[] = [];
  readonly streams: FakeStream[] = [];
  /** Requests for records, and for pages of events. */
  readonly asked = { records: 0, pages: 0 };
  /** The answer to every request, while the server is not well. */
  refusal: ApiError | null = null;
  /** How long the answer to a request for a record takes. */
  recordMilliseconds = 0;
  private time = 0;
  private timers = new Set<Timer>();
  private hidden = false;
  private readonly onlookers = new Set<() => void>();
  private offline = false;
  private readonly networkers = new Set<() => void>();

  constructor(private readonly id: string) {}

  // -- what a test does -------------------------------------------------------------------------

  get stream(): FakeStream {
    const last = this.streams.at(-1);
    if (!last) throw new Error("no stream was opened");
    return last;
  }

  get openStreams(): number {
    return this.streams.filter((stream) => !stream.isClosed).length;
  }

  get timersLeft(): number {
    return this.timers.size;
  }

  /** Lets time pass, and everything happen that is due meanwhile. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    await this.settle();
    for (;;) {
      const due = [...this.timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.time = due.at;
      this.timers.delete(due);
      due.action();
      await this.settle();
    }
    this.time = until;
  }

  /** Lets answers that are under way arrive. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    for (const action of this.onlookers) action();
  }

  // -- what a connection sees -------------------------------------------------------------------

  async fetchRecord(): Promise<ExecutionRecord> {
    this.asked.records += 1;
    if (this.refusal) throw this.refusal;
    const record = recordOf(evolve(emptyView(this.id), this.log));
    const { recordMilliseconds } = this;
    if (recordMilliseconds) {
      await new Promise<void>((arrive) => this.after(recordMilliseconds, arrive));
    }
    return record;
  }

  async fetchEvents(_id: string, after: number): Promise<EventPage> {
    this.asked.pages += 1;
    if (this.refusal) throw this.refusal;
    const events = this.log.filter((event) => event.seq > after);
    return { events: events.slice(0, 10), more: events.length > 10 };
  }

  openStream(_id: string, after: number): MessageStream {
    const stream = new FakeStream(after);
    this.streams.push(stream);
    return stream;
  }

  now(): number {
    return this.time;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.time + milliseconds, action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  nextFrame(action: () => void): () => void {
    return this.after(16, action);
  }

  isHidden(): boolean {
    return this.hidden;
  }

  onVisibility(action: () => void): () => void {
    this.onlookers.add(action);
    return () => this.onlookers.delete(action);
  }

  isOffline(): boolean {
    return this.offline;
  }

  onNetwork(action: () => void): () => void {
    this.networkers.add(action);
    return () => this.networkers.delete(action);
  }

  /** Takes the network away, or gives it back. */
  setOffline(offline: boolean): void {
    this.offline = offline;
    for (const action of this.networkers) action();
  }
}

/** The record of an execution of which `view` is all that is known. */
export function recordOf(view: ExecutionView): ExecutionRecord {
  return {
    id: view.id,
    workflow: "told",
    workflow_name: "told",
    version: 1,
    status: view.status,
    stopping: view.stopping,
    trigger: "api",
    resource_id: "",
    rerun_of: null,
    parent: null,
    root: null,
    path: [...view.path],
    last_seq: view.lastSeq,
    created_at: view.createdAt ?? "2030-01-01T00:00:00Z",
    started_at: view.startedAt,
    ended_at: view.endedAt,
    deadline_at: null,
    lane: null,
    priority: 0,
    stop_reason: view.stopReason,
    stopped_by: view.stoppedBy,
    input: null,
    runtime_context: {},
    state: {},
    output: view.output,
    error: view.error,
    usage: {},
    links: { self: "", events: "", stream: "", steps: "" },
    suspended: [],
    waiting_for: [],
    children: [],
    steps: [...view.steps.values()].map(stepRecordOf),
    more_steps: false,
    tallies: [],
  } as Partial<ExecutionRecord> as ExecutionRecord;
}

function stepRecordOf(step: StepView): StepRecord {
  return {
    step_id: step.stepId,
    key: step.key,
    path: [...step.path],
    index: null,
    iteration: null,
    step_name: step.name,
    kind: "step",
    internal: step.internal,
    status: step.status,
    attempt: step.attempt,
    scheduled_at: step.scheduledAt,
    started_at: step.startedAt,
    ended_at: step.endedAt,
    due_at: step.retryAt,
    until: step.until,
    event: step.event,
    suspend_payload: step.suspendPayload,
    suspended_at: step.suspendedAt,
    labels: [...step.labels],
    resume_data: step.resumeData,
    resumed_at: step.resumedAt,
    completed_count: step.progress?.completed ?? null,
    total_count: step.progress?.total ?? null,
    nested: step.nested,
    input: null,
    output: step.output,
    error: step.error,
  };
}
