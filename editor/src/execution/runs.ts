/**
 * The runs of an execution while events are folded in: counted by node, and in repetitions kept
 * within bounds.  Refuses to change what it was given: it copies a map at its first write.
 */

import { SETTLED_STATUSES } from "@/contracts/generated/statuses";
import type { RunName } from "./keys";
import type { Counters, NodeStatus, NodeView, StepView } from "./view";

/** Of each node in a repetition so many failed runs are kept, the first ones. */
export const MAX_FAILED = 100;
/** And so many that settled otherwise, the last ones. */
export const MAX_RECENT = 50;

/** Which of its runs' states a node shows: the first that there is. */
const BUSIEST: readonly NodeStatus[] = [
  "running",
  "retrying",
  "scheduled",
  "suspended",
  "waiting",
  "failed",
  "cancelled",
  "completed",
  "skipped",
  "pending",
];

export interface RunsView {
  readonly steps: ReadonlyMap<string, StepView>;
  readonly nodes: ReadonlyMap<string, NodeView>;
  readonly counters: Counters;
}

export class Runs {
  private steps: ReadonlyMap<string, StepView>;
  private nodes: ReadonlyMap<string, NodeView>;
  private counters: Counters;
  private ownSteps: Map<string, StepView> | null = null;
  private ownNodes: Map<string, NodeView> | null = null;

  constructor(before: RunsView) {
    this.steps = before.steps;
    this.nodes = before.nodes;
    this.counters = before.counters;
  }

  /** What has come of it; nothing may be put in after that. */
  view(): RunsView {
    return { steps: this.steps, nodes: this.nodes, counters: this.counters };
  }

  get(key: string): StepView | undefined {
    return this.steps.get(key);
  }

  /** Put in `step` in the place of the run of its key. */
  put(step: StepView): void {
    const before = this.steps.get(step.key);
    this.write().set(step.key, step);
    this.count(step, before?.status ?? null, step.status);
  }

  /** Take out the run `name`; return whether it was there, as one that is not kept is not. */
  remove(name: Pick<RunName, "key">): boolean {
    const before = this.steps.get(name.key);
    if (!before) return false;
    this.write().delete(name.key);
    this.count(before, before.status, null);
    return true;
  }

  /** Say how many runs there are of a node in a repetition, also of those that are not kept. */
  tally(nodeId: string, stepId: string, counts: NodeView["counts"]): void {
    const node = this.nodes.get(nodeId) ?? { ...emptyNode({ nodeId, stepId }), repeated: true };
    const runs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    this.writeNodes().set(nodeId, { ...node, counts, runs, status: busiestOf(counts) });
  }

  private writeNodes(): Map<string, NodeView> {
    this.ownNodes ??= new Map(this.nodes);
    this.nodes = this.ownNodes;
    return this.ownNodes;
  }

  private write(): Map<string, StepView> {
    this.ownSteps ??= new Map(this.steps);
    this.steps = this.ownSteps;
    return this.ownSteps;
  }

  private count(step: StepView, from: NodeStatus | null, to: NodeStatus | null): void {
    const isRepeated = step.rounds.length > 0;
    const node = this.nodes.get(step.nodeId) ?? { ...emptyNode(step), repeated: isRepeated };
    const after = kept(counted(node, step, from, to), step, from, to);
    const dropped = after.repeated ? overflow(after) : null;
    const nodes = this.writeNodes();
    if (after.runs === 0) nodes.delete(step.nodeId);
    else nodes.set(step.nodeId, dropped?.node ?? after);
    if (dropped) this.write().delete(dropped.key);
    if (!isRepeated && !step.internal) {
      this.counters = totalled(this.counters, from, to);
    }
  }
}

function busiestOf(counts: NodeView["counts"]): NodeStatus {
  return BUSIEST.find((status) => counts[status]) ?? "pending";
}

function emptyNode({ nodeId, stepId }: Pick<StepView, "nodeId" | "stepId">): NodeView {
  return {
    nodeId,
    stepId,
    repeated: false,
    status: "pending",
    counts: {},
    runs: 0,
    latest: null,
    failed: [],
    recent: [],
    progress: null,
  };
}

function counted(
  node: NodeView,
  step: StepView,
  from: NodeStatus | null,
  to: NodeStatus | null,
): NodeView {
  const counts = { ...node.counts };
  if (from) {
    const left = (counts[from] ?? 0) - 1;
    if (left > 0) counts[from] = left;
    else delete counts[from];
  }
  if (to) counts[to] = (counts[to] ?? 0) + 1;
  const latest = to ? (from ? (node.latest ?? step.key) : step.key) : node.latest;
  return {
    ...node,
    counts,
    runs: node.runs + (to ? 1 : 0) - (from ? 1 : 0),
    status: busiestOf(counts),
    latest: to === null && latest === step.key ? null : latest,
    progress: to === null ? null : latest === step.key ? step.progress : node.progress,
  };
}

/** `node` with the run under what it is kept for: that it failed, or that it settled lately. */
function kept(
  node: NodeView,
  step: StepView,
  from: NodeStatus | null,
  to: NodeStatus | null,
): NodeView {
  if (from === to) return node;
  const without = (keys: readonly string[]) =>
    keys.includes(step.key) ? keys.filter((key) => key !== step.key) : keys;
  const failed = from === "failed" ? without(node.failed) : node.failed;
  const recent = from && SETTLED_STATUSES.has(from) ? without(node.recent) : node.recent;
  if (to === "failed") return { ...node, failed: [...failed, step.key], recent };
  const isRecent = to !== null && SETTLED_STATUSES.has(to) && node.repeated;
  return { ...node, failed, recent: isRecent ? [...recent, step.key] : recent };
}

/** The run that `node` has too many of, and `node` without it. */
function overflow(node: NodeView): { key: string; node: NodeView } | null {
  const excess = node.failed[MAX_FAILED];
  if (excess !== undefined) {
    return { key: excess, node: { ...node, failed: node.failed.slice(0, MAX_FAILED) } };
  }
  const oldest = node.recent[0];
  if (node.recent.length <= MAX_RECENT || oldest === undefined) return null;
  return { key: oldest, node: { ...node, recent: node.recent.slice(1) } };
}

function totalled(counters: Counters, from: NodeStatus | null, to: NodeStatus | null): Counters {
  const change = (is: (status: NodeStatus) => boolean) =>
    Number(to !== null && is(to)) - Number(from !== null && is(from));
  return {
    reached: counters.reached + change(() => true),
    settled: counters.settled + change((status) => SETTLED_STATUSES.has(status)),
    failed: counters.failed + change((status) => status === "failed"),
  };
}
