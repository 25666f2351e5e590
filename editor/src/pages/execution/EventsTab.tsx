/** The raw log of a run: every event with its number, as the server recorded it. */
import { useEffect, useMemo, useState } from "react";
import { useEventPages } from "@/api/executionLog";
import type { WireEvent } from "@/contracts/generated/events";
import { clockText } from "@/run/clock";
import { keyOfEvent } from "@/run/logFilter";
import { Button } from "@/ui/Button";
import { TextInput } from "@/ui/inputs";
import { JsonTree } from "@/ui/JsonTree";
import { ErrorState, Skeleton } from "@/ui/placeholders";
import { VirtualList } from "@/ui/VirtualList";

interface EventsTabProps {
  executionId: string;
  /** The number of the newest event there is. */
  lastSeq: number;
  onSelect: (key: string) => void;
}

const LOOK_AGAIN_MS = 1_000;

/** The tab. */
export function EventsTab({ executionId, lastSeq, onSelect }: EventsTabProps) {
  const pages = useEventPages(executionId);
  const [text, setText] = useState("");
  const { data, fetchNextPage, isFetching } = pages;
  const events = useMemo(() => (data?.pages ?? []).flatMap((page) => page.results), [data]);
  const hasMore = data?.pages.at(-1)?.next != null;

  // What happened since the last page was read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only news is a reason to look again
  useEffect(() => {
    if (!data || hasMore || isFetching || (events.at(-1)?.seq ?? 0) >= lastSeq) return;
    const timer = setTimeout(() => void fetchNextPage(), LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [lastSeq]);

  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return events;
    return events.filter((event) =>
      `${event.type} ${event.path?.join(".") ?? ""}`.toLowerCase().includes(wanted),
    );
  }, [events, text]);
  if (pages.isPending) return <Skeleton lines={6} />;
  if (pages.error && events.length === 0) {
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  }
  return (
    <div className="flex h-full min-h-64 flex-col">
      <div className="flex items-center gap-2 border-line border-b px-3 py-1.5">
        <TextInput
          small
          type="search"
          aria-label="Search events"
          placeholder="Search types and steps"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-64"
        />
        <span className="text-muted text-xs">{`${shown.length} of ${events.length}${hasMore ? "+" : ""}`}</span>
        {hasMore && (
          <Button small look="quiet" busy={isFetching} onClick={() => void fetchNextPage()}>
            Load more
          </Button>
        )}
      </div>
      <div className="min-h-0 flex-1">
        <VirtualList
          label="Events"
          rows={shown}
          rowHeight={26}
          rowKey={(event) => String(event.seq)}
        >
          {(event) => <Line event={event} onSelect={onSelect} />}
        </VirtualList>
      </div>
    </div>
  );
}

function Line({ event, onSelect }: { event: WireEvent; onSelect: (key: string) => void }) {
  const [open, setOpen] = useState(false);
  const step = "step_id" in event ? keyOfEvent(event) : null;
  return (
    <div className="border-line border-b px-3 py-0.5 font-mono text-xs">
      <div className="flex items-center gap-3">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 gap-3 py-0.5 text-left hover:bg-hover"
        >
          <span className="w-12 shrink-0 text-right text-muted tabular-nums">{event.seq}</span>
          <span className="shrink-0 text-muted">{clockText(event.at)}</span>
          <span className="truncate">{event.type}</span>
        </button>
        {step && (
          <button
            type="button"
            onClick={() => onSelect(step)}
            className="max-w-[45%] truncate text-accent hover:underline"
          >
            {(event.path ?? [step]).join(" › ")}
          </button>
        )}
      </div>
      {open && <JsonTree value={event} open={2} />}
    </div>
  );
}
