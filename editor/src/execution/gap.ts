/** Telling whether a stream left events out.  Pure. */

import type { WireEvent } from "@/contracts/generated/events";
import type { ExecutionView } from "./view";

/** Whether events are missing; a nested execution's are a part of its root's, so some always are. */
export function hasGap(view: ExecutionView, events: readonly WireEvent[]): boolean {
  if (view.path.length > 0) return false;
  let last = view.lastSeq;
  for (const { seq } of events) {
    if (seq > last + 1) return true;
    last = Math.max(last, seq);
  }
  return false;
}
