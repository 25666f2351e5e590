/** The time axis over the bars: round moments, since the beginning or by the clock, and how long
 * what is folded took. */

import { clockText } from "@/run/clock";
import { durationText } from "@/ui/time";
import { momentAt, type Scale, ticksOf, type Window } from "./scale";

interface AxisProps {
  scale: Scale;
  window: Window;
  /** By the clock instead of since the beginning. */
  wall: boolean;
  /** Room in px. */
  width: number;
}

const TICK_PX = 90;
/** Room that the words of a tick take; where what is folded begins sooner there are none. */
const WORDS_PX = 56;

/** The axis. */
export function Axis({ scale, window, wall, width }: AxisProps) {
  const origin = wall ? midnight(scale.from) : scale.from;
  const ticks = ticksOf(scale, window, Math.max(width / TICK_PX, 2), origin);
  const place = (at: number) => (at - window.start) / (window.end - window.start);
  const folded = scale.pieces.filter(
    (piece) => piece.folded && piece.end > window.start && piece.start < window.end,
  );
  const hasRoom = (position: number) =>
    !folded.some((piece) => {
      const distance = (place(piece.start) - position) * width;
      return distance > -1 && distance < WORDS_PX;
    });
  const span = momentAt(scale, window.end) - momentAt(scale, window.start);
  return (
    <div aria-hidden className="relative h-6 overflow-hidden text-[11px] text-muted tabular-nums">
      {folded.map((piece) => (
        <span
          key={piece.from}
          className="absolute inset-y-0 flex items-center justify-center overflow-hidden whitespace-nowrap border-line border-x border-dashed bg-hover"
          style={{
            left: `${place(piece.start) * 100}%`,
            width: `${(place(piece.end) - place(piece.start)) * 100}%`,
          }}
          title={`Nothing was at work for ${durationText(piece.to - piece.from)}`}
        >
          {durationText(piece.to - piece.from)}
        </span>
      ))}
      {ticks.map((tick) => (
        <span
          key={tick.at}
          className="absolute inset-y-0 whitespace-nowrap border-line border-l pl-1 leading-6"
          style={{ left: `${tick.position * 100}%` }}
        >
          {hasRoom(tick.position) && tickText(tick.at, { wall, span, from: scale.from })}
        </span>
      ))}
    </div>
  );
}

function tickText(
  at: number,
  { wall, span, from }: { wall: boolean; span: number; from: number },
): string {
  if (wall) return clockText(at, span < 10_000);
  return at === from ? "0" : `+${durationText(at - from)}`;
}

/** The last midnight of this browser's zone. */
function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
