/**
 * Which row each step of a graph stands in, and in which order: edges lead downwards, few of them
 * cross.  An edge that passes rows leaves a gap in each of them.  Pure; knows no sizes.
 * Source: Sugiyama, Tagawa, Toda, Methods for visual understanding of hierarchical systems (1981).
 */
export type Link = readonly [from: number, to: number];

export interface Layers {
  /** Items from left to right: steps by their index, and from the number of steps on gaps. */
  readonly rows: readonly number[][];
  /** For each item those of the row above that it is joined to. */
  readonly above: readonly (readonly number[])[];
  /** For each item those of the row below that it is joined to. */
  readonly below: readonly (readonly number[])[];
}

const SWEEPS = 8;
/** So many steps without any edge stand side by side; more are put below all the others. */
const LOOSE_IN_ROW = 8;
/** Edges that would leave more gaps than this leave none. */
const MOST_GAPS = 4_000;

/** Returns the rows of a graph of `count` steps. */
export function layersOf(count: number, links: readonly Link[]): Layers {
  const ranks = ranksOf(count, links);
  const rows: number[][] = [];
  const [above, below]: [number[][], number[][]] = [[], []];
  const put = (item: number, rank: number) => {
    while (rows.length <= rank) rows.push([]);
    rows[rank]?.push(item);
    above[item] = [];
    below[item] = [];
  };
  const join = (from: number, to: number) => {
    below[from]?.push(to);
    above[to]?.push(from);
  };
  for (const [item, rank] of ranks.entries()) put(item, rank);
  const spanOf = ([from, to]: Link) => (ranks[to] ?? 0) - (ranks[from] ?? 0);
  const needed = links.reduce((sum, link) => sum + Math.max(0, spanOf(link) - 1), 0);
  let next = count;
  for (const link of links) {
    const span = spanOf(link);
    // What closes a circle leads upwards; it is the server's to name, and joins nothing here.
    if (span < 1 || (span > 1 && needed > MOST_GAPS)) continue;
    let last = link[0];
    for (let step = 1; step < span; step += 1, next += 1) {
      put(next, (ranks[link[0]] ?? 0) + step);
      join(last, next);
      last = next;
    }
    join(last, link[1]);
  }
  const layers = { rows, above, below };
  untangle(layers);
  return layers;
}

/** Returns the row of each step: below all that it needs, and close above what needs it. */
function ranksOf(count: number, links: readonly Link[]): number[] {
  const after: number[][] = Array.from({ length: count }, () => []);
  const waiting = new Array<number>(count).fill(0);
  for (const [from, to] of links) {
    after[from]?.push(to);
    waiting[to] = (waiting[to] ?? 0) + 1;
  }
  const ranks = new Array<number>(count).fill(0);
  const starts = waiting.flatMap((needs, item) => (needs === 0 ? [item] : []));
  const order = [...starts];
  for (const item of order) {
    for (const next of after[item] ?? []) {
      ranks[next] = Math.max(ranks[next] ?? 0, (ranks[item] ?? 0) + 1);
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) order.push(next);
    }
  }
  const loose = starts.filter((item) => after[item]?.length === 0);
  for (const item of starts) {
    const first = Math.min(...(after[item] ?? []).map((next) => ranks[next] ?? 0));
    if (Number.isFinite(first)) ranks[item] = Math.max(0, first - 1);
  }
  if (loose.length <= LOOSE_IN_ROW) return ranks;
  const depth = loose.length === count ? 0 : Math.max(...ranks) + 1;
  for (const [index, item] of loose.entries()) {
    ranks[item] = depth + Math.floor(index / LOOSE_IN_ROW);
  }
  return ranks;
}

/** Sorts rows by the middle of what each item is joined to, down and up again. */
function untangle({ rows, above, below }: Layers): void {
  const at: number[] = [];
  const spread = (row: readonly number[]) => {
    for (const [index, item] of row.entries()) at[item] = index - (row.length - 1) / 2;
  };
  const sort = (row: number[], joined: Layers["above"]) => {
    const middles = new Map<number, number>();
    for (const item of row) {
      const others = joined[item] ?? [];
      const sum = others.reduce((total, other) => total + (at[other] ?? 0), 0);
      // Who is joined to nothing stays about where it is.
      middles.set(item, others.length > 0 ? sum / others.length : (at[item] ?? 0));
    }
    row.sort((one, other) => (middles.get(one) ?? 0) - (middles.get(other) ?? 0));
    spread(row);
  };
  for (const row of rows) spread(row);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    if (sweep % 2 === 0) for (const row of rows) sort(row, above);
    else for (const row of [...rows].reverse()) sort(row, below);
  }
}
