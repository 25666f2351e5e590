/** The shapes of the history's charts. */
import { describe, expect, it } from "vitest";
import { barsOf, linePoints } from "./chartShapes";

const day = (name: string, total: number, failed = 0, p95: number | null = null) => ({
  day: name,
  total,
  completed: total - failed,
  failed,
  cancelled: 0,
  p50_seconds: p95,
  p95_seconds: p95,
});

describe("the charts", () => {
  it("fill the height with the fullest day and stack what came of each", () => {
    const bars = barsOf([day("1", 4, 1), day("2", 2)], 100, 40);

    expect(bars.map(({ day: name, part, height }) => [name, part, height])).toEqual([
      ["1", "completed", 30],
      ["1", "failed", 10],
      ["2", "completed", 20],
    ]);
    expect(bars[1]?.y).toBe(0);
  });

  it("count as going on what ended in no way", () => {
    const [bar] = barsOf([{ ...day("1", 2), completed: 0 }], 100, 40);

    expect(bar?.part).toBe("open");
  });

  it("draw nothing of days without executions", () => {
    expect(barsOf([day("1", 0)], 100, 40)).toEqual([]);
  });

  it("break a line at a day without the figure, and keep a lonely day", () => {
    const days = [day("1", 1, 0, 2), day("2", 1, 0, 4), day("3", 0), day("4", 1, 0, 4)];

    const lines = linePoints(days, "p95_seconds", 4, 100, 42);

    expect(lines).toEqual(["12.5,22 37.5,2", "87.5,2 87.5,2"]);
  });
});
