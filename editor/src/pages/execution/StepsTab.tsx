/** All runs of all steps as a table that stays small however many there are. */
import { useMemo, useState } from "react";
import { useStepPages } from "@/api/executionSteps";
import { NODE_STATUSES } from "@/contracts/generated/statuses";
import { stepFromSnapshot } from "@/execution/snapshot";
import { roundText } from "@/run/progress";
import { valueLine } from "@/run/valueLine";
import { isVisible } from "@/run/visible";
import { Button } from "@/ui/Button";
import { classNames } from "@/ui/classNames";
import { Checkbox, Select, TextInput } from "@/ui/inputs";
import { StatusChip } from "@/ui/StatusChip";
import { Duration } from "@/ui/Time";
import { VirtualList } from "@/ui/VirtualList";
import type { Run } from "./timeline/rows";

interface StepsTabProps {
  executionId: string;
  runs: readonly Run[];
  /** There are runs that are not among them. */
  more: { load: () => void; busy: boolean } | null;
  selected: string | null;
  still: boolean;
  onSelect: (run: Run) => void;
}

/** What was not reached yet has no run to show. */
const UNREACHED: readonly string[] = ["pending", "scheduled"];
const STATES = NODE_STATUSES.filter((status) => !UNREACHED.includes(status));

/** The table. */
export function StepsTab({ executionId, runs, more, selected, still, onSelect }: StepsTabProps) {
  const [status, setStatus] = useState("");
  const [text, setText] = useState("");
  const [plumbing, setPlumbing] = useState(false);
  // Among runs that are not all here the server looks for those of a state.
  const asks = status !== "" && more !== null;
  const pages = useStepPages(executionId, { status }, 0, asks);
  const { data } = pages;
  const source = useMemo(
    () =>
      asks && data
        ? data.pages.flatMap((page) =>
            page.results.map((it) => ({ step: stepFromSnapshot(it, 0), executionId })),
          )
        : runs,
    [asks, data, runs, executionId],
  );
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return source.filter(
      ({ step }) =>
        (plumbing || isVisible(step)) &&
        (!status || step.status === status) &&
        (!wanted || `${step.name} ${step.key}`.toLowerCase().includes(wanted)),
    );
  }, [source, status, text, plumbing]);
  const further = asks
    ? pages.hasNextPage
      ? { load: () => void pages.fetchNextPage(), busy: pages.isFetching }
      : null
    : more;
  return (
    <div className="flex h-full min-h-64 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-1.5 text-xs">
        <Select
          small
          aria-label="State"
          value={status}
          onChange={setStatus}
          options={[
            { value: "", label: "All states" },
            ...STATES.map((value) => ({ value, label: value })),
          ]}
          className="w-32!"
        />
        <TextInput
          small
          type="search"
          aria-label="Search steps"
          placeholder="Search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-40! flex-1"
        />
        <Checkbox aria-label="Show plumbing" checked={plumbing} onChange={setPlumbing} />
        <span aria-hidden>Show plumbing</span>
        <span className="text-muted">{`${shown.length}${further ? "+" : ""} runs`}</span>
      </div>
      <div className="min-h-0 flex-1">
        {shown.length === 0 ? (
          <p className="p-4 text-muted text-sm">No step fits.</p>
        ) : (
          <VirtualList
            label="Steps"
            rows={shown}
            rowHeight={36}
            rowKey={(run) => `${run.executionId}/${run.step.key}`}
          >
            {(run) => (
              <Line
                run={run}
                selected={run.step.key === selected}
                still={still}
                onSelect={onSelect}
              />
            )}
          </VirtualList>
        )}
      </div>
      {further && (
        <div className="border-line border-t p-1.5 text-center">
          <Button small look="quiet" busy={further.busy} onClick={further.load}>
            Load more
          </Button>
        </div>
      )}
    </div>
  );
}

interface LineProps {
  run: Run;
  selected: boolean;
  still: boolean;
  onSelect: (run: Run) => void;
}

function Line({ run, selected, still, onSelect }: LineProps) {
  const { step } = run;
  return (
    <button
      type="button"
      aria-current={selected || undefined}
      onClick={() => onSelect(run)}
      className={classNames(
        "flex w-full items-center gap-3 border-line border-b px-3 py-1.5 text-left text-sm",
        selected ? "bg-accent-soft" : "hover:bg-hover",
      )}
    >
      <span className="w-32 shrink-0">
        <StatusChip status={step.status} />
      </span>
      <span className="min-w-32 flex-1 truncate">{step.name + roundText(step)}</span>
      <span className="hidden min-w-0 flex-[2] truncate font-mono text-muted text-xs md:block">
        {step.error ? step.error.message : valueLine(step.output)}
      </span>
      <span className="hidden w-16 shrink-0 text-muted text-xs sm:block">
        {step.attempt > 1 && `try ${step.attempt}`}
      </span>
      <span className="w-20 shrink-0 text-right text-muted text-xs">
        <Duration from={step.startedAt} to={step.endedAt} still={still} />
      </span>
    </button>
  );
}
