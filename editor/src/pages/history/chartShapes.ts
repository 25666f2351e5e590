/** Where the bars and lines of the charts are.  Pure; lengths are in the chart's own units. */
import type { DayFigures } from "@/api/executions";

export interface Bar {
  day: string;
  part: "completed" | "failed" | "cancelled" | "open";
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Returns the pieces of one column a day, stacked from the ground; the highest fills `height`. */
export function barsOf(days: readonly DayFigures[], width: number, height: number): Bar[] {
  const most = Math.max(1, ...days.map((day) => day.total));
  const room = width / Math.max(1, days.length);
  return days.flatMap((day, index) => {
    const { total, completed, failed, cancelled } = day;
    const open = Math.max(0, total - completed - failed - cancelled);
    let ground = height;
    return Object.entries({ completed, failed, cancelled, open })
      .filter(([, count]) => count > 0)
      .map(([part, count]) => {
        const tall = (count / most) * height;
        ground -= tall;
        return {
          day: day.day,
          part: part as Bar["part"],
          x: index * room + room * 0.1,
          y: ground,
          width: room * 0.8,
          height: tall,
        };
      });
  });
}

/** Returns the lines of one figure, each as SVG points; a day without it breaks the line. */
export function linePoints(
  days: readonly DayFigures[],
  figure: "p50_seconds" | "p95_seconds",
  most: number,
  width: number,
  height: number,
): string[] {
  const room = width / Math.max(1, days.length);
  const lines: string[][] = [[]];
  days.forEach((day, index) => {
    const value = day[figure];
    if (value === null) {
      lines.push([]);
      return;
    }
    const x = (index + 0.5) * room;
    const y = height - (value / (most || 1)) * (height - 2);
    lines.at(-1)?.push(`${round(x)},${round(y)}`);
  });
  // A day on its own is still seen: a line to where it stands draws a dot.
  return lines
    .filter((points) => points.length > 0)
    .map((points) => (points.length === 1 ? [...points, ...points] : points).join(" "));
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}
