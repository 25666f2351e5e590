/** The bar of one row: grey in the queue, solid at work, hatched while it waits, a tick for every
 * failed attempt.  Patterns tell what colours tell. */
import type { CSSProperties } from "react";
import { classNames } from "@/ui/classNames";
import { lookOf, type State } from "@/ui/state";
import { positionOf, type Scale, type Window } from "./scale";
import type { Bar, Phase } from "./segments";

const SOLID: Record<State, string> = {
  pending: "bg-state-pending",
  running: "bg-state-running",
  waiting: "bg-state-running",
  completed: "bg-state-completed",
  failed: "bg-state-failed",
  cancelled: "bg-state-cancelled",
  skipped: "bg-state-skipped",
};

const LOOKS: Record<Exclude<Phase, "run">, string> = {
  queue: "h-1.5 bg-line-strong/60",
  wait: "h-3 border border-state-waiting",
};

const HATCHED: CSSProperties = {
  backgroundImage: "repeating-linear-gradient(135deg, var(--waiting) 0 2px, transparent 2px 6px)",
};

interface BarsProps {
  bar: Bar;
  status: string;
  scale: Scale;
  window: Window;
  /** A thin line: it only holds others. */
  thin?: boolean;
}

/** The bar; it fills its parent, which stands for the window. */
export function Bars({ bar, status, scale, window, thin = false }: BarsProps) {
  const place = (at: number) =>
    (positionOf(scale, at) - window.start) / (window.end - window.start);
  return (
    <>
      {bar.segments.map((segment, index) => {
        const left = Math.max(place(segment.from), 0);
        const right = Math.min(place(segment.to), 1);
        if (right < 0 || left > 1 || right < left) return null;
        const look =
          segment.phase === "run"
            ? classNames(SOLID[lookOf(status).state], thin ? "h-1 opacity-60" : "h-3")
            : LOOKS[segment.phase];
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: segments have no other identity
            key={index}
            className={classNames(
              "-translate-y-1/2 absolute top-1/2 min-w-[3px] rounded-[2px]",
              look,
            )}
            style={{
              left: `${left * 100}%`,
              width: `${(right - left) * 100}%`,
              ...(segment.phase === "wait" ? HATCHED : {}),
            }}
          />
        );
      })}
      {bar.failures.map((at) => {
        const position = place(at);
        return position < 0 || position > 1 ? null : (
          <span
            key={at}
            className="-translate-x-1/2 -translate-y-1/2 absolute top-1/2 h-5 w-[3px] rounded bg-state-failed ring-1 ring-surface"
            style={{ left: `${position * 100}%` }}
          />
        );
      })}
    </>
  );
}
