/** How a container is shown whose own record says only that it runs. */
import { expect, test } from "vitest";
import type { NodeStatus } from "@/execution/view";
import { containerStatus } from "./containerStatus";

const CASES: [NodeStatus, NodeStatus[], NodeStatus][] = [
  ["running", [], "running"],
  ["running", ["completed"], "running"],
  ["running", ["completed", "suspended"], "suspended"],
  ["running", ["waiting", "suspended"], "suspended"],
  ["running", ["waiting", "running"], "running"],
  ["running", ["suspended", "scheduled"], "running"],
  ["running", ["retrying", "completed"], "retrying"],
  ["completed", ["waiting"], "completed"],
  ["failed", ["running"], "failed"],
];

test.each(CASES)("a container that is %s around %j is shown as %s", (own, inside, shown) => {
  expect(containerStatus(own, inside)).toBe(shown);
});
