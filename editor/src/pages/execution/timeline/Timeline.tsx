/** The timeline: every run as a bar on one axis, under what it is in. */
import { ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { isContainer } from "@/run/progress";
import { isVisible } from "@/run/visible";
import { Button, IconButton } from "@/ui/Button";
import { Checkbox } from "@/ui/inputs";
import { VirtualList } from "@/ui/VirtualList";
import { Axis } from "./Axis";
import { Overview } from "./Overview";
import { type Run, rowsOf, type TimelineRow } from "./rows";
import { idleGaps, scaleOf, WHOLE, zoomed } from "./scale";
import { barOf } from "./segments";
import { TimelineLine } from "./TimelineLine";

interface TimelineProps {
  runs: readonly Run[];
  /** Parts of the paths that lead to the execution itself. */
  above: number;
  /** Nothing of it is at work. */
  resting: boolean;
  /** The present in ms, for what has not ended. */
  now: number;
  from: number;
  /** The end in ms; `null` while it goes on. */
  to: number | null;
  selected: { key: string; executionId: string } | null;
  onSelect: (run: Run) => void;
  more: { load: () => void; busy: boolean } | null;
}

/** The timeline; it fills its parent. */
export function Timeline(props: TimelineProps) {
  const { runs, above, resting, now, from, to, selected, onSelect, more } = props;
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [plumbing, setPlumbing] = useState(false);
  const [folding, setFolding] = useState(true);
  const [wall, setWall] = useState(false);
  const [window, setWindow] = useState(WHOLE);
  const chart = useRef<HTMLDivElement>(null);
  const width = useWidth(chart);

  const rows = useMemo(
    () => rowsOf(runs, { above, resting, plumbing, toggled }),
    [runs, above, resting, plumbing, toggled],
  );
  const end = to ?? now;
  const scale = useMemo(() => {
    const whole = { from, to: Math.max(end, from + 1) };
    return scaleOf(whole, folding ? idleGaps(busySpans(runs, end), whole) : []);
  }, [runs, from, end, folding]);

  const isSelected = (row: TimelineRow) =>
    row.run?.step.key === selected?.key && row.run?.executionId === selected?.executionId;
  const at = rows.findIndex(isSelected);
  const toggle = (row: TimelineRow) => setToggled(new Map([...toggled, [row.id, !row.open]]));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = rows[at];
    if (step) {
      let next = at + step;
      while (rows[next] && !rows[next]?.run) next += step;
      const run = rows[next]?.run;
      if (run) onSelect(run);
    } else if (row && row.children > 0 && event.key === (row.open ? "ArrowLeft" : "ArrowRight")) {
      toggle(row);
    } else return;
    event.preventDefault();
  };
  const hasPlumbing = runs.some(({ step }) => !isVisible(step));
  return (
    <div className="flex h-full min-h-64 flex-col">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1.5 text-xs">
        <Mark label="Time by the clock" value={wall} onChange={setWall} />
        <Mark label="Fold idle time" value={folding} onChange={setFolding} />
        {hasPlumbing && <Mark label="Show plumbing" value={plumbing} onChange={setPlumbing} />}
        <span className="flex-1" />
        <IconButton
          small
          icon={ZoomOut}
          label="Zoom out"
          onClick={() => setWindow(zoomed(window, 2))}
        />
        <IconButton
          small
          icon={ZoomIn}
          label="Zoom in"
          onClick={() => setWindow(zoomed(window, 0.5))}
        />
        <Button small look="quiet" onClick={() => setWindow(WHOLE)}>
          All
        </Button>
      </div>
      <div className="grid grid-cols-[minmax(9rem,45%)_1fr] md:grid-cols-[minmax(8rem,32%)_1fr] items-center gap-y-1 border-line border-b px-3 pb-1">
        <span className="text-muted text-xs">
          {rows.length === 1 ? "1 row" : `${rows.length} rows`}
        </span>
        <Overview runs={runs} scale={scale} window={window} onChange={setWindow} />
        <span />
        <div ref={chart}>
          <Axis scale={scale} window={window} wall={wall} width={width} />
        </div>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move among the buttons inside */}
      <div className="min-h-0 flex-1" onKeyDown={onKeyDown}>
        <VirtualList
          label="Timeline"
          rows={rows}
          rowHeight={28}
          rowKey={(row) => row.id}
          {...(at >= 0 ? { reveal: at } : {})}
        >
          {(row) => (
            <TimelineLine
              row={row}
              now={end}
              scale={scale}
              window={window}
              selected={isSelected(row)}
              onSelect={onSelect}
              onToggle={toggle}
            />
          )}
        </VirtualList>
      </div>
      {more && (
        <div className="border-line border-t p-1.5 text-center">
          <Button small look="quiet" busy={more.busy} onClick={more.load}>
            Load more runs
          </Button>
        </div>
      )}
    </div>
  );
}

function Mark(props: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <Checkbox checked={props.value} onChange={props.onChange} aria-label={props.label} />
      <span aria-hidden>{props.label}</span>
    </span>
  );
}

/** When something was at work: what only holds others is not work. */
function busySpans(runs: readonly Run[], now: number) {
  return runs
    .filter(({ step }) => !isContainer(step))
    .flatMap(({ step }) => barOf(step, now).segments.filter((it) => it.phase !== "wait"));
}

function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(600);
  useLayoutEffect(() => {
    if (!element.current || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 600));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
