/** Where moments lie on the time axis.  Long spans in which nothing is at work are folded, so that
 * a night's wait does not squeeze a second's work to nothing.  Pure; positions are 0 to 1. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Piece extends Span {
  readonly folded: boolean;
  /** Where it begins and ends on the axis. */
  readonly start: number;
  readonly end: number;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly pieces: readonly Piece[];
}

const SHORTEST_FOLD_MS = 2_000;
const FOLD_SHARE_OF_WORK = 0.25;
const FOLDED_WIDTH = 0.12;
const MOST_FOLDED = 0.5;

/** Returns the spans of `whole` in which none of `busy` is, if they are long beside the work. */
export function idleGaps(busy: readonly Span[], whole: Span): Span[] {
  const joined = union(busy, whole);
  const work = joined.reduce((sum, it) => sum + it.to - it.from, 0);
  const least = Math.max(SHORTEST_FOLD_MS, work * FOLD_SHARE_OF_WORK);
  const gaps: Span[] = [];
  let at = whole.from;
  for (const span of joined) {
    if (span.from - at >= least) gaps.push({ from: at, to: span.from });
    at = span.to;
  }
  if (whole.to - at >= least) gaps.push({ from: at, to: whole.to });
  // With nothing but idleness there is nothing to fold it for.
  return joined.length === 0 ? [] : gaps;
}

function union(spans: readonly Span[], whole: Span): { from: number; to: number }[] {
  const joined: { from: number; to: number }[] = [];
  const inside = spans
    .map((it) => ({ from: Math.max(it.from, whole.from), to: Math.min(it.to, whole.to) }))
    .filter((it) => it.to >= it.from)
    .sort((left, right) => left.from - right.from);
  for (const span of inside) {
    const last = joined.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  return joined;
}

/** Returns the scale of `whole` with `gaps`, which are in order, folded. */
export function scaleOf(whole: Span, gaps: readonly Span[] = []): Scale {
  const { from } = whole;
  const to = Math.max(whole.to, from + 1);
  const folded = gaps.reduce((sum, it) => sum + it.to - it.from, 0);
  const shown = Math.max(to - from - folded, 1);
  const room = 1 - Math.min(gaps.length * FOLDED_WIDTH, MOST_FOLDED);
  const fold = gaps.length ? (1 - room) / gaps.length : 0;
  const pieces: Piece[] = [];
  let at = from;
  let position = 0;
  const add = (until: number, isFolded: boolean) => {
    const width = isFolded ? fold : ((until - at) / shown) * room;
    pieces.push({ from: at, to: until, folded: isFolded, start: position, end: position + width });
    position += width;
    at = until;
  };
  for (const gap of gaps) {
    if (gap.from > at) add(gap.from, false);
    add(gap.to, true);
  }
  if (to > at) add(to, false);
  const last = pieces.at(-1);
  // What rounding left over belongs to the end.
  if (last) pieces[pieces.length - 1] = { ...last, end: 1 };
  return { from, to, pieces };
}

/** Returns the position of `at`. */
export function positionOf(scale: Scale, at: number): number {
  const clamped = Math.min(Math.max(at, scale.from), scale.to);
  const piece = scale.pieces.find((it) => clamped <= it.to) ?? scale.pieces.at(-1);
  if (!piece) return 0;
  const share = (clamped - piece.from) / Math.max(piece.to - piece.from, 1);
  return piece.start + share * (piece.end - piece.start);
}

/** Returns the moment at `position`. */
export function momentAt(scale: Scale, position: number): number {
  const piece = scale.pieces.find((it) => position <= it.end) ?? scale.pieces.at(-1);
  if (!piece) return scale.from;
  const share = (position - piece.start) / Math.max(piece.end - piece.start, 1e-9);
  return piece.from + Math.min(Math.max(share, 0), 1) * (piece.to - piece.from);
}

/** The part of the axis that is in view. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

export const WHOLE: Window = { start: 0, end: 1 };
const NARROWEST = 0.002;

/** Returns `window` zoomed by `factor` (below 1: closer) around `centre`, within the axis. */
export function zoomed(window: Window, factor: number, centre?: number): Window {
  const width = Math.min(Math.max((window.end - window.start) * factor, NARROWEST), 1);
  const middle = centre ?? (window.start + window.end) / 2;
  const share = (middle - window.start) / (window.end - window.start);
  return within(middle - share * width, width);
}

/** Returns `window` moved by `share` of its width. */
export function moved(window: Window, share: number): Window {
  const width = window.end - window.start;
  return within(window.start + share * width, width);
}

function within(start: number, width: number): Window {
  const from = Math.min(Math.max(start, 0), 1 - width);
  return { start: from, end: from + width };
}

export interface Tick {
  /** In the window, 0 to 1. */
  readonly position: number;
  readonly at: number;
}

const NICE_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000, 2_592_000_000,
];

/** Returns about `wanted` round moments in `window`, counted from `origin`: the beginning for a
 * relative axis, midnight for the clock's. */
export function ticksOf(scale: Scale, window: Window, wanted: number, origin: number): Tick[] {
  const width = window.end - window.start;
  const visible = scale.pieces.filter(
    (it) => !it.folded && it.end >= window.start && it.start <= window.end,
  );
  const perUnit = visible.map((it) => (it.to - it.from) / Math.max(it.end - it.start, 1e-9));
  const spacing = (Math.max(...perUnit, 1) * width) / Math.max(wanted, 1);
  const step = NICE_MS.find((it) => it >= spacing) ?? 2_592_000_000;
  const ticks: Tick[] = [];
  for (const piece of visible) {
    const from = momentAt(scale, Math.max(piece.start, window.start));
    const to = momentAt(scale, Math.min(piece.end, window.end));
    let at = origin + Math.ceil((Math.max(from, piece.from) - origin) / step) * step;
    for (; at <= Math.min(to, piece.to) && ticks.length < 200; at += step) {
      const position = (positionOf(scale, at) - window.start) / width;
      const before = ticks.at(-1);
      if (!before || position - before.position >= 0.6 / Math.max(wanted, 1)) {
        ticks.push({ position, at });
      }
    }
  }
  return ticks;
}
