/** The rows of the timeline: runs under what they are in (containers, rounds, nested workflows).
 * Pure; rows are told apart by the way down to them. */
import type { StepView } from "@/execution/view";
import { isVisible } from "@/run/visible";
import { moment } from "./segments";

/** A run, and the execution that it is of. */
export interface Run {
  readonly step: StepView;
  readonly executionId: string;
}

export interface TimelineRow {
  /** The way down to it, as text. */
  readonly id: string;
  readonly run: Run | null;
  readonly label: string;
  /** Which round it is, as in "item 3". */
  readonly round: string;
  readonly depth: number;
  readonly status: string;
  /** It only holds others, so its time is theirs. */
  readonly holds: boolean;
  /** Rows right below it, shown or not. */
  readonly children: number;
  readonly open: boolean;
  /** Of everything in it, in ms; `null` where nothing has begun, or not ended. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface RowOptions {
  /** Parts of the paths that lead to the execution itself. */
  above: number;
  /** Also what people need not see: maps, ends. */
  plumbing: boolean;
  /** Nothing of the execution is at work, so what only holds others waits with them. */
  resting?: boolean;
  /** Rows that somebody opened or closed, by id. */
  toggled: ReadonlyMap<string, boolean>;
}

interface Place {
  id: string;
  part: string | number;
  run: Run | null;
  children: Map<string | number, Place>;
  from: number | null;
  to: number | null;
  /** Nothing in it is still to end. */
  ended: boolean;
  status: string;
}

const CONTAINERS = new Set(["branch", "loop", "foreach", "workflow"]);
/** More rounds than these are shown when asked for. */
const OPEN_ROUNDS = 20;

/** Returns the rows, the outermost first in the order in which they began. */
export function rowsOf(runs: Iterable<Run>, options: RowOptions): TimelineRow[] {
  const root = place("", "");
  for (const run of runs) put(root, run, options.above);
  summarise(root);
  const rows: TimelineRow[] = [];
  for (const child of ordered(root)) flatten(child, 0, null, options, rows);
  return rows;
}

function place(id: string, part: string | number): Place {
  const nothing = { run: null, from: null, to: null, ended: true, status: "completed" };
  return { id, part, children: new Map(), ...nothing };
}

function put(root: Place, run: Run, above: number): void {
  const path = run.step.path.length > above ? run.step.path.slice(above) : run.step.path;
  let at = root;
  for (const part of path) {
    let next = at.children.get(part);
    if (!next) {
      next = place(`${at.id}/${part}`, part);
      at.children.set(part, next);
    }
    at = next;
  }
  at.run = run;
}

const SETTLED = new Set(["completed", "failed", "skipped", "cancelled"]);
const RANK = ["running", "suspended", "waiting", "retrying", "scheduled", "failed", "cancelled"];

function summarise(it: Place): void {
  const step = it.run?.step;
  let from = moment(step?.scheduledAt) ?? moment(step?.startedAt);
  let to = moment(step?.endedAt);
  let ended = !step || SETTLED.has(step.status);
  let rank = RANK.length;
  for (const child of it.children.values()) {
    summarise(child);
    if (child.from !== null) from = from === null ? child.from : Math.min(from, child.from);
    if (child.to !== null) to = to === null ? child.to : Math.max(to, child.to);
    ended &&= child.ended;
    const its = RANK.indexOf(child.status);
    if (its >= 0) rank = Math.min(rank, its);
  }
  Object.assign(it, { from, to, ended, status: step?.status ?? RANK[rank] ?? "completed" });
}

function ordered(it: Place): Place[] {
  return [...it.children.values()].sort(
    (left, right) =>
      (typeof left.part === "number" && typeof right.part === "number"
        ? left.part - right.part
        : 0) || (left.from ?? Infinity) - (right.from ?? Infinity),
  );
}

function isShown(it: Place, plumbing: boolean): boolean {
  const step = it.run?.step;
  if (!step || isVisible(step) || plumbing) return true;
  return it.children.size > 0 || CONTAINERS.has(step.kind ?? "");
}

function flatten(
  it: Place,
  depth: number,
  around: Place | null,
  options: RowOptions,
  rows: TimelineRow[],
): void {
  if (!isShown(it, options.plumbing)) return;
  const round = roundOf(it, around);
  const all = ordered(it);
  const visible = all.filter((child) => isShown(child, options.plumbing));
  // A round that is nothing but plumbing is still a round, and what it did can be looked at.
  const inside = visible.length === 0 && !it.run ? all : visible;
  const [only] = inside;
  // A round of one step needs no line of its own.
  if (!it.run && inside.length === 1 && only) {
    flatten({ ...only, id: it.id }, depth, null, { ...options, plumbing: true }, rows);
    const row = rows.findLast((one) => one.id === it.id);
    if (row && round) rows[rows.lastIndexOf(row)] = { ...row, round };
    return;
  }
  const holds = inside.length > 0 || CONTAINERS.has(it.run?.step.kind ?? "");
  const rounds = inside.filter((child) => typeof child.part === "number").length;
  const open = options.toggled.get(it.id) ?? rounds <= OPEN_ROUNDS;
  rows.push({
    id: it.id,
    run: it.run,
    label: it.run?.step.name ?? (round ? "" : String(it.part)),
    round,
    depth,
    status: options.resting && holds && it.status === "running" ? "waiting" : it.status,
    holds,
    children: inside.length,
    open: inside.length > 0 && open,
    from: it.from,
    to: it.ended ? it.to : null,
  });
  if (open) for (const child of inside) flatten(child, depth + 1, it, options, rows);
}

function roundOf(it: Place, around: Place | null): string {
  if (typeof it.part !== "number") return "";
  return `${around?.run?.step.kind === "loop" ? "round" : "item"} ${it.part + 1}`;
}
