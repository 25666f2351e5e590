/** The whole axis in small, with the part in view marked: dragged, or moved and zoomed by keys. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { isContainer } from "@/run/progress";
import type { Run } from "./rows";
import { moved, positionOf, type Scale, WHOLE, type Window, zoomed } from "./scale";
import { barOf, moment } from "./segments";

interface OverviewProps {
  runs: readonly Run[];
  scale: Scale;
  window: Window;
  onChange: (window: Window) => void;
}

const COLUMNS = 120;

/** The strip. */
export function Overview({ runs, scale, window, onChange }: OverviewProps) {
  const strip = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const at = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    if (!box?.width) return 0;
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
  };
  const release = () => {
    if (drag) {
      const [start, end] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      // A click is no brush: it shows the whole.
      onChange(end - start < 0.005 ? WHOLE : { start, end });
    }
    setDrag(null);
  };
  const shown = drag
    ? { start: Math.min(drag.from, drag.to), end: Math.max(drag.from, drag.to) }
    : window;
  return (
    <div
      ref={strip}
      role="slider"
      tabIndex={0}
      aria-label="Part of the time that is shown; arrows move it, plus and minus zoom, 0 shows all"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(window.start * 100)}
      aria-valuetext={`${Math.round(window.start * 100)} % to ${Math.round(window.end * 100)} %`}
      onKeyDown={(event) => onKey(event, window, onChange)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: at(event), to: at(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: at(event) })}
      onPointerUp={release}
      onPointerCancel={() => setDrag(null)}
      className="relative h-6 cursor-crosshair touch-none overflow-hidden rounded border border-line bg-canvas"
    >
      <Density runs={runs} scale={scale} />
      <span
        className="absolute inset-y-0 border-accent border-x-2 bg-accent/10"
        style={{ left: `${shown.start * 100}%`, width: `${(shown.end - shown.start) * 100}%` }}
      />
    </div>
  );
}

function onKey(event: KeyboardEvent, window: Window, onChange: (window: Window) => void): void {
  const changes: Record<string, () => Window> = {
    ArrowLeft: () => moved(window, -0.2),
    ArrowRight: () => moved(window, 0.2),
    ArrowUp: () => zoomed(window, 0.6),
    ArrowDown: () => zoomed(window, 1 / 0.6),
    "+": () => zoomed(window, 0.6),
    "=": () => zoomed(window, 0.6),
    "-": () => zoomed(window, 1 / 0.6),
    "0": () => WHOLE,
    Home: () => moved(window, -1_000),
    End: () => moved(window, 1_000),
  };
  const change = changes[event.key];
  if (!change || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  onChange(change());
}

/** How much was at work when; failures in their colour. */
function Density({ runs, scale }: { runs: readonly Run[]; scale: Scale }) {
  const counts = new Array<number>(COLUMNS).fill(0);
  const failed = new Set<number>();
  const column = (at: number) => Math.min(Math.floor(positionOf(scale, at) * COLUMNS), COLUMNS - 1);
  for (const { step } of runs) {
    if (isContainer(step)) continue;
    const bar = barOf(step, scale.to);
    for (const segment of bar.segments.filter((it) => it.phase === "run")) {
      for (let index = column(segment.from); index <= column(segment.to); index += 1) {
        counts[index] = (counts[index] ?? 0) + 1;
      }
    }
    if (step.status === "failed") failed.add(column(moment(step.endedAt) ?? scale.to));
  }
  const most = Math.max(...counts, 1);
  return (
    <div aria-hidden className="absolute inset-0 flex items-end">
      {counts.map((count, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
          key={index}
          className={failed.has(index) ? "flex-1 bg-state-failed" : "flex-1 bg-line-strong"}
          style={{ height: count ? `${20 + (count / most) * 80}%` : 0 }}
        />
      ))}
    </div>
  );
}
