/** Reading an execution's record and its past, one request at a time.  Holds no timer. */

import { ApiError } from "@/api/errors";
import type { WireEvent } from "@/contracts/generated/events";
import { evolve } from "./evolve";
import { adopt } from "./history";
import { type ExecutionRecord, fromSnapshot } from "./snapshot";
import type { Surroundings } from "./surroundings";
import type { ExecutionView } from "./view";

/** Events of the past that are read for its attempts and lines, at most. */
export const MAX_HISTORY = 20_000;

export type Answer =
  | { readonly record: ExecutionRecord; readonly error?: undefined }
  | { readonly error: ApiError };

export class Records {
  private asking: Promise<Answer> | null = null;
  private isWantedAgain = false;
  private newest: ExecutionRecord | null = null;
  /** What came in since the newest record was asked for. */
  private since: WireEvent[] = [];
  private turn = 0;

  constructor(
    private readonly id: string,
    private readonly around: Surroundings,
  ) {}

  /** The record as it is after this call; `null` if it was forgotten meanwhile. */
  async read(): Promise<Answer | null> {
    const turn = this.turn;
    // One that is under way may have been read before what the caller knows of.
    if (this.asking) {
      this.isWantedAgain = true;
      await this.asking;
      if (turn !== this.turn) return null;
      if (!this.isWantedAgain && this.asking) return this.asking;
    }
    this.isWantedAgain = false;
    this.newest = null;
    this.since = [];
    this.asking = this.around.fetchRecord(this.id).then(
      (record) => ({ record }),
      (reason: unknown) => ({ error: errorOf(reason) }),
    );
    const answer = await this.asking;
    if (turn !== this.turn) return null;
    this.asking = null;
    if (!answer.error) this.newest = answer.record;
    return answer;
  }

  /** `view`, into which `events` were folded, put right by the newest record if it is stale. */
  corrected(view: ExecutionView, events: readonly WireEvent[]): ExecutionView {
    if (this.asking || this.newest) this.since.push(...events);
    // A record that is ahead waits for the events that it includes: they tell more than it does.
    if (!this.newest || this.newest.last_seq > view.lastSeq) return view;
    const fresh = view.stale ? adopt(evolve(fromSnapshot(this.newest), this.since), view) : view;
    this.newest = null;
    this.since = [];
    return fresh.lastSeq === view.lastSeq ? fresh : view;
  }

  /** Let go of what is under way. */
  forget(): void {
    this.turn += 1;
    this.asking = null;
    this.newest = null;
    this.since = [];
  }
}

/** The log up to the event `last`, as far as it is read; `null` if it could not be. */
export async function readHistory(
  around: Surroundings,
  id: string,
  last: number,
): Promise<{ events: readonly WireEvent[]; isWhole: boolean } | null> {
  const events: WireEvent[] = [];
  let after = 0;
  while (after < last && events.length < MAX_HISTORY) {
    const page = await around.fetchEvents(id, after).catch(errorOf);
    if (page instanceof ApiError) return null;
    events.push(...page.events.filter((event) => event.seq <= last));
    after = page.events.at(-1)?.seq ?? last;
    if (!page.more) break;
  }
  return { events, isWhole: events.length < MAX_HISTORY };
}

/** What went wrong, as an error of the API. */
export function errorOf(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  return new ApiError(0, "server.unreachable", "the server cannot be reached; try again");
}
