/**
 * Where the items of rows stand from left to right: as straight below each other as there is room.
 * Pure; the order within a row is given and kept.
 */
import type { Layers } from "./layers";

const SWEEPS = 10;
/** Gaps keep straight before steps do: a bent edge is read worse than a step off its middle. */
const GAP_WEIGHT = 4;

/** Returns the middle of each item; between two of a row there is `space` at least. */
export function columnsOf(
  { rows, above, below }: Layers,
  widthOf: (item: number) => number,
  isGap: (item: number) => boolean,
  space: number,
): number[] {
  const at: number[] = [];
  const offsets = rows.map((row) => offsetsOf(row, widthOf, space));
  for (const [index, row] of rows.entries()) {
    const own = offsets[index] ?? [];
    const middle = (own.at(-1) ?? 0) / 2;
    for (const [place, item] of row.entries()) at[item] = (own[place] ?? 0) - middle;
  }
  const settle = (index: number, joined: readonly Layers["above"][]) => {
    const row = rows[index] ?? [];
    const wanted = row.map((item) => {
      const others = joined.flatMap((side) => side[item] ?? []);
      const sum = others.reduce((total, other) => total + (at[other] ?? 0), 0);
      return others.length > 0 ? sum / others.length : (at[item] ?? 0);
    });
    const weights = row.map((item) => (isGap(item) ? GAP_WEIGHT : 1));
    const placed = apart(wanted, weights, offsets[index] ?? []);
    for (const [place, item] of row.entries()) at[item] = placed[place] ?? 0;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const joined = sweep === SWEEPS - 1 ? [above, below] : [sweep % 2 === 0 ? above : below];
    for (let step = 0; step < rows.length; step += 1) {
      settle(sweep % 2 === 0 ? step : rows.length - 1 - step, joined);
    }
  }
  return at;
}

/** Returns how far each item's middle is from the first one's, where they stand close. */
function offsetsOf(
  row: readonly number[],
  widthOf: (item: number) => number,
  space: number,
): number[] {
  const offsets: number[] = [];
  for (const [index, item] of row.entries()) {
    const before = row[index - 1];
    const last = offsets[index - 1];
    offsets.push(
      before === undefined || last === undefined
        ? 0
        : last + (widthOf(before) + widthOf(item)) / 2 + space,
    );
  }
  return offsets;
}

/** Returns places near the wanted ones, by the sum of squares, that are so far apart and in order.
 * Source: isotonic regression by pooling adjacent violators, Barlow et al. (1972). */
function apart(wanted: number[], weights: number[], offsets: number[]): number[] {
  const pools: { mean: number; weight: number; count: number }[] = [];
  for (const [index, place] of wanted.entries()) {
    let pool = { mean: place - (offsets[index] ?? 0), weight: weights[index] ?? 1, count: 1 };
    for (let last = pools.at(-1); last && last.mean > pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      const mean = (last.mean * last.weight + pool.mean * pool.weight) / weight;
      pool = { mean, weight, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  return pools
    .flatMap(({ mean, count }) => new Array<number>(count).fill(mean))
    .map((mean, index) => mean + (offsets[index] ?? 0));
}
