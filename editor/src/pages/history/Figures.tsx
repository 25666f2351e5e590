/** How executions went: totals, success, how long they took, and the course of the days. */
import type { ReactNode } from "react";
import type { ExecutionStats } from "@/api/executions";
import { absoluteTime, durationText } from "@/ui/time";
import { useTimeZone } from "@/ui/timeZone";
import { DayBars, DurationLines } from "./charts";

/** The figures. */
export function Figures({ stats }: { stats: ExecutionStats }) {
  const days = stats.days;
  const zone = useTimeZone();
  return (
    <section
      aria-label="Figures"
      className="mx-3 mb-3 rounded-lg border border-line bg-surface p-3 sm:mx-6"
    >
      <div className="flex flex-col gap-3">
        <dl className="flex flex-wrap items-start gap-x-6 gap-y-2">
          <Figure name="Executions">{stats.total.toLocaleString()}</Figure>
          <Figure name="Going on">{stats.running.toLocaleString()}</Figure>
          <Figure name="Success">{percent(stats.success_rate)}</Figure>
          <Figure name="Half took less than">{seconds(stats.p50_seconds)}</Figure>
          <Figure name="95 % took less than">{seconds(stats.p95_seconds)}</Figure>
        </dl>
        {days.length > 1 && (
          <div className="hidden gap-x-8 gap-y-3 md:grid md:grid-cols-2">
            <DayBars days={days} />
            <DurationLines days={days} />
          </div>
        )}
      </div>
      {stats.limit_reached && stats.counted_from && (
        <p className="mt-2 text-warning text-xs">
          {`Counted are the newest ${stats.limit.toLocaleString()}, those since ${absoluteTime(stats.counted_from, zone)}.`}
        </p>
      )}
      {days.length > 0 && <DayTable stats={stats} />}
    </section>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="font-semibold text-lg tabular-nums">{children}</dd>
    </div>
  );
}

function DayTable({ stats }: { stats: ExecutionStats }) {
  return (
    <details className="mt-2 text-xs">
      <summary className="w-fit cursor-pointer text-muted">Day by day (UTC), as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable */}
      <section className="mt-2 max-h-64 overflow-auto" tabIndex={0} aria-label="Figures by day">
        <table className="w-full text-left tabular-nums">
          <thead>
            <tr className="text-muted">
              {["Day", "All", "Completed", "Failed", "Cancelled", "Half below", "95 % below"].map(
                (head) => (
                  <th key={head} scope="col" className="py-1 pr-4 font-medium">
                    {head}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {stats.days.toReversed().map((day) => (
              <tr key={day.day} className="border-line border-t">
                <th scope="row" className="py-1 pr-4 font-normal">
                  {day.day}
                </th>
                <td className="pr-4">{day.total}</td>
                <td className="pr-4">{day.completed}</td>
                <td className="pr-4">{day.failed}</td>
                <td className="pr-4">{day.cancelled}</td>
                <td className="pr-4">{seconds(day.p50_seconds)}</td>
                <td>{seconds(day.p95_seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function percent(share: number | null): string {
  if (share === null) return "–";
  // 99.97 % is not "100 %": somebody failed.
  const shown = share < 1 ? Math.min(99.9, Math.floor(share * 1000) / 10) : 100;
  return `${shown} %`;
}

function seconds(span: number | null): string {
  return span === null ? "–" : durationText(span * 1000);
}
