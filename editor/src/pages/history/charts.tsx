/** Two small charts of the days: how many ended how, and how long they took.  The table beside
 * them says the same in numbers. */
import type { DayFigures } from "@/api/executions";
import { durationText } from "@/ui/time";
import { barsOf, linePoints } from "./chartShapes";

const WIDTH = 260;
const HEIGHT = 56;

interface ChartProps {
  days: readonly DayFigures[];
}

const PARTS = [
  {
    name: "completed",
    word: "Completed",
    fill: "fill-state-completed",
    mark: "bg-state-completed",
  },
  { name: "failed", word: "Failed", fill: "fill-state-failed", mark: "bg-state-failed" },
  {
    name: "cancelled",
    word: "Cancelled",
    fill: "fill-state-cancelled",
    mark: "bg-state-cancelled",
  },
  { name: "open", word: "Going on", fill: "fill-state-running", mark: "bg-state-running" },
] as const;

/** Executions per day, by how they ended. */
export function DayBars({ days }: ChartProps) {
  const bars = barsOf(days, WIDTH, HEIGHT);
  const most = Math.max(0, ...days.map((day) => day.total));
  const all = days.reduce((sum, day) => sum + day.total, 0);
  const failed = days.reduce((sum, day) => sum + day.failed, 0);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex flex-wrap gap-x-3 text-muted text-xs">
        <span>{`Per day, ${most} at most`}</span>
        {PARTS.map((part) => (
          <span key={part.name} className="flex items-center gap-1">
            <span aria-hidden className={`inline-block size-2 rounded-sm ${part.mark}`} />
            {part.word}
          </span>
        ))}
      </figcaption>
      <svg
        role="img"
        aria-label={`${all} executions in ${days.length} days, ${failed} of them failed`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-14 w-full"
      >
        {bars.map((bar) => (
          <rect
            key={`${bar.day} ${bar.part}`}
            x={bar.x}
            y={bar.y}
            width={bar.width}
            height={bar.height}
            className={PARTS.find((part) => part.name === bar.part)?.fill}
          />
        ))}
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="stroke-line" />
      </svg>
      <Ends days={days} />
    </figure>
  );
}

/** How long executions took, day by day: the middle and the slow ones. */
export function DurationLines({ days }: ChartProps) {
  const slowest = Math.max(0, ...days.map((day) => day.p95_seconds ?? 0));
  if (slowest === 0) return null;
  const half = linePoints(days, "p50_seconds", slowest, WIDTH, HEIGHT);
  const slow = linePoints(days, "p95_seconds", slowest, WIDTH, HEIGHT);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex flex-wrap gap-x-3 text-muted text-xs">
        <span>{`How long, up to ${durationText(slowest * 1000)}`}</span>
        <span className="flex items-center gap-1">
          <span aria-hidden className="inline-block w-4 border-accent border-t-2" />
          Half below
        </span>
        <span className="flex items-center gap-1">
          <span aria-hidden className="inline-block w-4 border-warning border-t-2 border-dashed" />
          95 % below
        </span>
      </figcaption>
      <svg
        role="img"
        aria-label={`How long executions took per day; the slow ones up to ${durationText(slowest * 1000)}`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-14 w-full overflow-visible"
      >
        {slow.map((points) => (
          <polyline
            key={points}
            points={points}
            fill="none"
            strokeWidth={3}
            strokeDasharray="4 3"
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
            className="stroke-warning"
          />
        ))}
        {half.map((points) => (
          <polyline
            key={points}
            points={points}
            fill="none"
            strokeWidth={3}
            strokeLinecap="round"
            vectorEffect="non-scaling-stroke"
            className="stroke-accent"
          />
        ))}
        <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="stroke-line" />
      </svg>
      <Ends days={days} />
    </figure>
  );
}

function Ends({ days }: ChartProps) {
  return (
    <div aria-hidden className="flex justify-between text-muted text-xs">
      <span>{days[0]?.day.slice(5)}</span>
      <span>{days.at(-1)?.day.slice(5)}</span>
    </div>
  );
}
