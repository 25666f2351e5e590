/** What a live connection needs of the world around it: the server, a clock, the page. */

import { api, unwrap } from "@/api/client";
import type { WireEvent } from "@/contracts/generated/events";
import type { ExecutionRecord } from "./snapshot";

/** A stream of messages, as `EventSource` gives it. */
export interface MessageStream {
  addEventListener(type: string, listener: (message: MessageEvent<string>) => void): void;
  close(): void;
}

export interface EventPage {
  readonly events: readonly WireEvent[];
  readonly more: boolean;
}

/** Replaced in tests; nothing else of the browser is touched by a connection. */
export interface Surroundings {
  fetchRecord(id: string): Promise<ExecutionRecord>;
  /** A page of what follows the event `after`. */
  fetchEvents(id: string, after: number): Promise<EventPage>;
  /** The events that follow `after`, as they come. */
  openStream(id: string, after: number): MessageStream;
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `action` after so many milliseconds; returns what takes that back. */
  after(milliseconds: number, action: () => void): () => void;
  /** Runs `action` before the next painting, or soon where nothing is painted. */
  nextFrame(action: () => void): () => void;
  isHidden(): boolean;
  /** Runs `action` whenever the page is hidden or shown; returns what ends that. */
  onVisibility(action: () => void): () => void;
  /** Whether the browser knows that it has no network; false where it only believes it has one. */
  isOffline(): boolean;
  /** Runs `action` whenever the network goes or comes; returns what ends that. */
  onNetwork(action: () => void): () => void;
}

const PAGE = 1_000;
/** How long events may wait where nothing is painted. */
const HIDDEN_MILLISECONDS = 250;

export const browser: Surroundings = {
  fetchRecord: (id) => {
    const params = { path: { execution_id: id }, query: { runs: "live" as const } };
    return unwrap(api.GET("/api/executions/{execution_id}/", { params }));
  },
  fetchEvents: async (id, after) => {
    const params = { path: { execution_id: id }, query: { after, limit: PAGE } };
    const page = await unwrap(api.GET("/api/executions/{execution_id}/events/", { params }));
    return { events: page.results as unknown as WireEvent[], more: page.next !== null };
  },
  openStream: (id, after) => {
    const path = `/api/executions/${encodeURIComponent(id)}/stream/`;
    return new EventSource(after > 0 ? `${path}?last_event_id=${after}` : path);
  },
  now: () => Date.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
  nextFrame: (action) => {
    if (document.hidden) return browser.after(HIDDEN_MILLISECONDS, action);
    const frame = requestAnimationFrame(action);
    return () => cancelAnimationFrame(frame);
  },
  isHidden: () => document.hidden,
  onVisibility: (action) => {
    document.addEventListener("visibilitychange", action);
    return () => document.removeEventListener("visibilitychange", action);
  },
  isOffline: () => !navigator.onLine,
  onNetwork: (action) => {
    window.addEventListener("offline", action);
    window.addEventListener("online", action);
    return () => {
      window.removeEventListener("offline", action);
      window.removeEventListener("online", action);
    };
  },
};
