/**
 * An execution in React components: one connection for all that look at the same one, and each
 * component drawn again only when what it looks at has changed.
 */

import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { LiveState } from "./connection";
import { hold, liveOf } from "./registry";
import type { ExecutionView, NodeView, StepView } from "./view";

export type { Connection, ConnectionState, LiveState } from "./connection";

const NOTHING: LiveState = {
  view: null,
  record: null,
  connection: { state: "connecting", since: 0, failures: 0 },
  error: null,
  history: "unknown",
};

/** All that is known of the execution `id`; draws again at most once a frame. */
export function useExecution(id: string | null): LiveState {
  return useLive(id, (state) => state) ?? NOTHING;
}

/** What `select` takes out of the view; draws again when that is another value (`Object.is`). */
export function useExecutionView<T>(
  id: string | null,
  select: (view: ExecutionView) => T,
): T | undefined {
  return useLive(id, (state) => (state.view ? select(state.view) : undefined));
}

/** The run `key` of the execution `id`, once it was reached. */
export function useStep(id: string | null, key: string): StepView | undefined {
  return useLive(id, (state) => state.view?.steps.get(key));
}

/** All runs of the node `nodeId`, once one was reached. */
export function useNode(id: string | null, nodeId: string): NodeView | undefined {
  return useLive(id, (state) => state.view?.nodes.get(nodeId));
}

/** A function that reads the record of the execution `id` anew, as after a command. */
export function useRefresh(id: string | null): () => void {
  return useCallback(() => {
    if (id !== null) liveOf(id).refresh();
  }, [id]);
}

/** Has the past read, for attempts and lines; returns how far that has come. */
export function useHistory(id: string | null): LiveState["history"] {
  const isReady = useLive(id, (state) => state.view !== null) ?? false;
  useEffect(() => {
    if (id !== null && isReady) void liveOf(id).loadHistory();
  }, [id, isReady]);
  return useLive(id, (state) => state.history) ?? "unknown";
}

function useLive<T>(id: string | null, select: (state: LiveState) => T): T | undefined {
  // Asked several times of one state, it must give one answer, also where `select` makes a new one.
  const last = useRef<{ state: LiveState; select: unknown; value: T } | null>(null);
  const subscribe = useCallback(
    (listener: () => void) => (id === null ? () => undefined : hold(id, listener)),
    [id],
  );
  return useSyncExternalStore(subscribe, () => {
    if (id === null) return undefined;
    const state = liveOf(id).state();
    if (last.current?.state !== state || last.current.select !== select) {
      last.current = { state, select, value: select(state) };
    }
    return last.current.value;
  });
}
