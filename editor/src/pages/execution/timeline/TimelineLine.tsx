/** One line of the timeline: what it is on the left, when it was on the right. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { classNames } from "@/ui/classNames";
import { StatusIcon } from "@/ui/StatusChip";
import { lookOf, STATE_TEXTS } from "@/ui/state";
import { durationText } from "@/ui/time";
import { Bars } from "./Bars";
import type { Run, TimelineRow } from "./rows";
import type { Scale, Window } from "./scale";
import { type Bar, barOf } from "./segments";

interface TimelineLineProps {
  row: TimelineRow;
  now: number;
  scale: Scale;
  window: Window;
  selected: boolean;
  onSelect: (run: Run) => void;
  onToggle: (row: TimelineRow) => void;
}

/** The line. */
export function TimelineLine(props: TimelineLineProps) {
  const { row, now, scale, window, selected, onSelect, onToggle } = props;
  const look = lookOf(row.status);
  const foldable = row.children > 0;
  const bar = row.holds || !row.run ? groupBar(row, now) : barOf(row.run.step, now);
  const title = [row.label, row.round].filter(Boolean).join(" · ");
  const Chevron = row.open ? ChevronDown : ChevronRight;
  const run = row.run;
  const choose = () => (run ? onSelect(run) : onToggle(row));
  return (
    <div
      className={classNames(
        "grid h-7 grid-cols-[minmax(9rem,45%)_1fr] md:grid-cols-[minmax(8rem,32%)_1fr] items-center px-3 text-sm",
        selected ? "bg-accent-soft" : "hover:bg-hover",
      )}
    >
      <div
        className="flex min-w-0 items-center gap-1 pr-2"
        style={{ paddingLeft: `${Math.min(row.depth, 6) * 0.9}rem` }}
      >
        {foldable ? (
          <button
            type="button"
            aria-expanded={row.open}
            aria-label={`${row.open ? "Close" : "Open"} ${title}`}
            onClick={() => onToggle(row)}
            className="rounded hover:bg-hover"
          >
            <Chevron aria-hidden className="size-4 text-muted" />
          </button>
        ) : (
          <span className="w-4 shrink-0" />
        )}
        <StatusIcon
          status={row.status}
          className={classNames("size-3.5 shrink-0", STATE_TEXTS[look.state])}
        />
        <button
          type="button"
          aria-current={selected || undefined}
          aria-label={`${title}, ${look.word}${tookText(row, now)}`}
          onClick={choose}
          className="min-w-0 flex-1 truncate text-left"
        >
          {row.label || row.round}
          {row.label && row.round && <span className="text-muted">{` · ${row.round}`}</span>}
          {foldable && !row.open && <span className="text-muted">{` (${row.children})`}</span>}
        </button>
        <span aria-hidden className="hidden shrink-0 text-muted text-xs tabular-nums sm:inline">
          {row.from !== null && durationText((row.to ?? now) - row.from)}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      <div
        className="relative h-full cursor-pointer overflow-hidden"
        onClick={choose}
        title={describe(bar)}
      >
        <Bars bar={bar} status={row.status} scale={scale} window={window} thin={row.holds} />
      </div>
    </div>
  );
}

function groupBar(row: TimelineRow, now: number): Bar {
  if (row.from === null) return { segments: [], failures: [] };
  const to = row.to ?? now;
  return { segments: [{ phase: "run", from: row.from, to }], failures: [] };
}

function tookText(row: TimelineRow, now: number): string {
  return row.from === null ? "" : `, ${durationText((row.to ?? now) - row.from)}`;
}

const WORDS = { queue: "in the queue", run: "at work", wait: "waiting" };

/** Returns how long it did what. */
function describe(bar: Bar): string {
  const sums = new Map<keyof typeof WORDS, number>();
  for (const { phase, from, to } of bar.segments) {
    sums.set(phase, (sums.get(phase) ?? 0) + to - from);
  }
  const spans = [...sums].map(([phase, ms]) => `${durationText(ms)} ${WORDS[phase]}`);
  const failures = bar.failures.length;
  return [...spans, ...(failures ? [`${failures} failed`] : [])].join(", ");
}
