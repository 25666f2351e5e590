/** The timeline's scale: long waits are folded, work never is. */
import { describe, expect, test } from "vitest";
import { idleGaps, momentAt, moved, positionOf, scaleOf, ticksOf, WHOLE, zoomed } from "./scale";

const HOUR = 3_600_000;

describe("idle gaps", () => {
  test("a long wait between work is one", () => {
    const busy = [
      { from: 0, to: 1_000 },
      { from: HOUR, to: HOUR + 500 },
    ];

    expect(idleGaps(busy, { from: 0, to: HOUR + 500 })).toEqual([{ from: 1_000, to: HOUR }]);
  });

  test("a short pause beside long work is none", () => {
    const busy = [
      { from: 0, to: 60_000 },
      { from: 65_000, to: 90_000 },
    ];

    expect(idleGaps(busy, { from: 0, to: 90_000 })).toEqual([]);
  });

  test("work that overlaps leaves none between", () => {
    const busy = [
      { from: 0, to: 10_000 },
      { from: 1_000, to: 2_000 },
      { from: 9_000, to: 11_000 },
    ];

    expect(idleGaps(busy, { from: 0, to: 11_000 })).toEqual([]);
  });
});

describe("a scale", () => {
  const scale = scaleOf({ from: 0, to: HOUR + 1_000 }, [{ from: 500, to: HOUR + 500 }]);

  test("gives most of its room to work, not to what is folded", () => {
    expect(positionOf(scale, 500)).toBeGreaterThan(0.4);
    expect(positionOf(scale, HOUR + 500) - positionOf(scale, 500)).toBeLessThan(0.2);
    expect(positionOf(scale, HOUR + 1_000)).toBe(1);
  });

  test("leads back to the moment", () => {
    for (const at of [0, 250, 500, HOUR + 700]) {
      expect(momentAt(scale, positionOf(scale, at))).toBeCloseTo(at, 3);
    }
  });
});

describe("a window", () => {
  test("zooms around a place and stays on the axis", () => {
    expect(zoomed(WHOLE, 0.5, 0)).toEqual({ start: 0, end: 0.5 });
    expect(zoomed({ start: 0.5, end: 1 }, 4)).toEqual({ start: 0, end: 1 });
  });

  test("moves no further than the end", () => {
    expect(moved({ start: 0.5, end: 0.9 }, 1)).toEqual({ start: 0.6, end: 1 });
  });
});

describe("ticks", () => {
  test("are round, and about as many as wanted", () => {
    const ticks = ticksOf(scaleOf({ from: 1_234, to: 11_234 }), WHOLE, 5, 1_234);

    expect(ticks.map((it) => it.at - 1_234)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000]);
  });

  test("leave out what is folded", () => {
    const gap = { from: 1_000, to: HOUR };
    const ticks = ticksOf(scaleOf({ from: 0, to: HOUR + 1_000 }, [gap]), WHOLE, 6, 0);

    expect(ticks.every((it) => it.at <= gap.from || it.at >= gap.to)).toBe(true);
    expect(ticks.length).toBeGreaterThan(2);
  });
});
