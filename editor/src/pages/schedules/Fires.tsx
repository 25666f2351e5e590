/** What became of the slots of a schedule: a row of chips, and the whole list in a panel. */
import { Link } from "react-router";
import { type Fire, type ScheduleRow, useFires, useScheduledStatuses } from "@/api/schedules";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ErrorState, Skeleton } from "@/ui/placeholders";
import { StatusChip, StatusIcon } from "@/ui/StatusChip";
import { lookOf, STATE_CLASSES } from "@/ui/state";
import { Time } from "@/ui/Time";
import { Tooltip } from "@/ui/Tooltip";
import { absoluteTime } from "@/ui/time";
import { useTimeZone } from "@/ui/timeZone";

const OUTCOME_WORDS: Record<Fire["outcome"], string> = {
  started: "Started",
  skipped: "Left out",
  queued: "Waits for an earlier one",
  failed: "Could not start",
};

/** Returns the status that stands for what became of a slot: that of its execution, if known. */
export function statusOf(fire: Fire, statuses: ReadonlyMap<string, string> | undefined): string {
  const found = fire.execution && statuses?.get(fire.execution);
  if (found) return found;
  return { started: "running", skipped: "skipped", queued: "queued", failed: "failed" }[
    fire.outcome
  ];
}

/** The last five, newest on the right. */
export function LastFires({ schedule }: { schedule: ScheduleRow }) {
  const zone = useTimeZone();
  const fires = useFires(schedule.id, 5);
  const statuses = useScheduledStatuses();
  if (!fires.data) return <span className="text-muted">…</span>;
  if (fires.data.results.length === 0) return <span className="text-muted">None yet</span>;
  return (
    <ul aria-label="Last results, oldest first" className="flex gap-1">
      {fires.data.results.toReversed().map((fire) => {
        const isUnknown = fire.outcome === "started" && !statuses.data?.has(fire.execution ?? "");
        const status = isUnknown ? "started" : statusOf(fire, statuses.data);
        const { word, state } = lookOf(status);
        const said = `${isUnknown ? "Started" : word}, ${absoluteTime(fire.slot, zone)}`;
        const mark = (
          <span className={`inline-flex rounded-full border p-0.5 ${STATE_CLASSES[state]}`}>
            <StatusIcon status={status} className="size-3.5" />
            <span className="sr-only">{said}</span>
          </span>
        );
        return (
          <li key={fire.slot}>
            <Tooltip text={fire.reason ? `${said}: ${fire.reason}` : said}>
              {fire.execution ? (
                <Link to={`/executions/${encodeURIComponent(fire.execution)}`}>{mark}</Link>
              ) : (
                mark
              )}
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}

interface FiresPanelProps {
  schedule: ScheduleRow;
  onClose: () => void;
}

/** The last hundred, with reasons. */
export function FiresPanel({ schedule, onClose }: FiresPanelProps) {
  const fires = useFires(schedule.id, 100);
  const statuses = useScheduledStatuses();
  return (
    <Dialog
      open
      side
      onOpenChange={(open) => open || onClose()}
      title={`What became of it: ${schedule.workflow_name}`}
      description="The last hundred times, the newest first."
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {fires.error ? (
        <ErrorState error={fires.error} onRetry={() => void fires.refetch()} />
      ) : !fires.data ? (
        <Skeleton lines={6} />
      ) : fires.data.results.length === 0 ? (
        <p className="text-muted text-sm">It was not due yet.</p>
      ) : (
        <ul className="flex flex-col gap-1.5">
          {fires.data.results.map((fire) => (
            <li key={fire.slot} className="rounded-lg border border-line px-3 py-2 text-sm">
              <div className="flex flex-wrap items-center gap-2">
                <StatusChip
                  status={statusOf(fire, statuses.data)}
                  {...(statuses.data?.has(fire.execution ?? "")
                    ? {}
                    : { word: OUTCOME_WORDS[fire.outcome] })}
                />
                <Time at={fire.slot} />
                {fire.execution && (
                  <Link
                    to={`/executions/${encodeURIComponent(fire.execution)}`}
                    className="ml-auto text-accent underline"
                  >
                    Open
                  </Link>
                )}
              </div>
              {fire.reason && <p className="mt-1 break-words text-muted text-xs">{fire.reason}</p>}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
