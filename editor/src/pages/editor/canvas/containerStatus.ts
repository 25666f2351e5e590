/** How a container stands: it is at work only while something in it is.  Pure. */
import type { NodeStatus } from "@/execution/view";

const AT_WORK: ReadonlySet<NodeStatus> = new Set(["pending", "scheduled", "running"]);
/** What waits for a person is told before what waits for a time. */
const AT_REST: readonly NodeStatus[] = ["suspended", "waiting", "retrying"];

/** Returns the status to show of a container whose own is `own` and in which nodes stand so. */
export function containerStatus(own: NodeStatus, inside: Iterable<NodeStatus>): NodeStatus {
  if (own !== "running") return own;
  const found = new Set(inside);
  for (const status of found) if (AT_WORK.has(status)) return own;
  return AT_REST.find((status) => found.has(status)) ?? own;
}
