/** Whether the session ended while somebody was at work, so that they are asked for their password
 * over their page instead of losing what is on it. */
import { useSyncExternalStore } from "react";

let ended = false;
const listeners = new Set<() => void>();

/** Says that the session has ended, or that it is there again. */
export function setSessionEnded(value: boolean): void {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

/** Returns whether it has ended, and follows it. */
export function useSessionEnded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );
}
