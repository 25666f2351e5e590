/** Sets of whole numbers as sorted ranges: rounds settle nearly in order, so a few hold thousands. */

import type { Range } from "./view";

/** Whether `value` is in `ranges`. */
export function hasNumber(ranges: readonly Range[], value: number): boolean {
  return ranges.some(([first, last]) => first <= value && value <= last);
}

/** `ranges` with `value` in them. */
export function withNumber(ranges: readonly Range[], value: number): readonly Range[] {
  const last = ranges.at(-1);
  if (last && last[1] + 1 === value) return [...ranges.slice(0, -1), [last[0], value]];
  if (hasNumber(ranges, value)) return ranges;
  const sorted = [...ranges, [value, value] as const].sort((a, b) => a[0] - b[0]);
  return sorted.reduce<Range[]>((joined, range) => {
    const before = joined.at(-1);
    if (before && before[1] + 1 === range[0]) joined[joined.length - 1] = [before[0], range[1]];
    else joined.push(range);
    return joined;
  }, []);
}

/** `ranges` with `value` not in them. */
export function withoutNumber(ranges: readonly Range[], value: number): readonly Range[] {
  return ranges.flatMap(([first, last]): Range[] => {
    if (value < first || last < value) return [[first, last]];
    const left: Range[] = first < value ? [[first, value - 1]] : [];
    const right: Range[] = value < last ? [[value + 1, last]] : [];
    return [...left, ...right];
  });
}
