/** Lines of a log as they come: filtered, searched, followed or held, saved. */
import { Download, Pause, Play } from "lucide-react";
import { useMemo, useState } from "react";
import type { LogLine } from "@/execution/view";
import { Button } from "@/ui/Button";
import { classNames } from "@/ui/classNames";
import { Select, TextInput } from "@/ui/inputs";
import { saveText } from "@/ui/saveText";
import { VirtualList } from "@/ui/VirtualList";
import { clockText } from "./clock";
import { filterLog, LEVELS, type LogFilter, logText } from "./logFilter";

interface LogViewProps {
  lines: readonly LogLine[];
  fileName: string;
  /** More lines may come. */
  live?: boolean;
  /** Chooses the run that wrote a line. */
  onSelect?: (key: string) => void;
  /** More of what was written earlier. */
  more?: { load: () => void; busy: boolean } | undefined;
}

const TONES: Record<string, string> = {
  debug: "text-muted",
  info: "text-state-running",
  warning: "text-state-waiting",
  error: "text-state-failed",
  critical: "text-state-failed font-bold",
};

/** The log. */
export function LogView({ lines, fileName, live = false, onSelect, more }: LogViewProps) {
  const [filter, setFilter] = useState<LogFilter>({ level: "debug", text: "" });
  const [held, setHeld] = useState<readonly LogLine[] | null>(null);
  const source = held ?? lines;
  const shown = useMemo(() => filterLog(source, filter), [source, filter]);
  return (
    <div className="flex h-full min-h-48 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-1.5">
        <Select
          small
          aria-label="Least urgent level"
          value={filter.level}
          options={LEVELS.map((level) => ({ value: level, label: `${level} and up` }))}
          onChange={(level) => setFilter({ ...filter, level: level as LogFilter["level"] })}
          className="w-36!"
        />
        <TextInput
          small
          type="search"
          aria-label="Search in the log"
          placeholder="Search"
          value={filter.text}
          onChange={(event) => setFilter({ ...filter, text: event.target.value })}
          className="w-40! min-w-24 flex-1"
        />
        <span className="text-muted text-xs">{`${shown.length} of ${source.length}`}</span>
        {live && (
          <Button
            small
            look="quiet"
            icon={held ? Play : Pause}
            onClick={() => setHeld(held ? null : lines)}
          >
            {held ? `Follow (${lines.length - held.length} new)` : "Hold"}
          </Button>
        )}
        {more && (
          <Button small look="quiet" busy={more.busy} onClick={more.load}>
            Load more
          </Button>
        )}
        <Button
          small
          look="quiet"
          icon={Download}
          disabledReason={shown.length ? null : "There is nothing to save"}
          onClick={() => saveText(fileName, logText(shown), "text/plain")}
        >
          Download
        </Button>
      </div>
      {shown.length === 0 ? (
        <p className="p-4 text-muted text-sm">
          {source.length ? "No line fits the filter." : "Nothing has been logged."}
        </p>
      ) : (
        <div className="min-h-0 flex-1">
          <VirtualList
            label="Log"
            rows={shown}
            rowHeight={22}
            rowKey={(line) => String(line.seq)}
            follow={live && held === null}
          >
            {(line) => <Line line={line} onSelect={onSelect} />}
          </VirtualList>
        </div>
      )}
    </div>
  );
}

function Line({
  line,
  onSelect,
}: {
  line: LogLine;
  onSelect?: ((key: string) => void) | undefined;
}) {
  const { key } = line;
  return (
    <div className="flex gap-2 px-3 py-0.5 font-mono text-xs hover:bg-hover">
      <time dateTime={line.at} title={line.at} className="shrink-0 text-muted">
        {clockText(line.at)}
      </time>
      <span className={classNames("w-14 shrink-0", TONES[line.level])}>{line.level}</span>
      {key && onSelect ? (
        <button
          type="button"
          onClick={() => onSelect(key)}
          className="max-w-40 shrink-0 truncate text-accent hover:underline"
        >
          {key}
        </button>
      ) : (
        key && <span className="max-w-40 shrink-0 truncate text-muted">{key}</span>
      )}
      <span className="min-w-0 flex-1 whitespace-pre-wrap break-words">{line.message}</span>
    </div>
  );
}
