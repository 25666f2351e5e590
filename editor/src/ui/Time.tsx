/** Moments and spans on a page: relative, with the exact moment on hover, kept current. */
import { useEffect, useState } from "react";
import { Tooltip } from "./Tooltip";
import { absoluteTime, durationText, relativeTime } from "./time";
import { useTimeZone } from "./timeZone";

/** Returns the present in ms, again every `seconds`; never while `still`. */
export function useNow(seconds: number, still = false): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (still) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, still]);
  return now;
}

/** A moment (ISO text) in relative words. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow(20);
  const zone = useTimeZone();
  if (!at) return <span className="text-muted">never</span>;
  return (
    <Tooltip text={absoluteTime(at, zone)}>
      <time dateTime={at} className="whitespace-nowrap">
        {relativeTime(Date.parse(at), now)}
      </time>
    </Tooltip>
  );
}

interface DurationProps {
  from: string | null | undefined;
  /** Without an end the span grows. */
  to?: string | null | undefined;
  /** Keeps an open span from growing, as while the connection is lost. */
  still?: boolean;
}

/** The span between two moments (ISO text). */
export function Duration({ from, to, still = false }: DurationProps) {
  const now = useNow(1, still || Boolean(to) || !from);
  if (!from) return <span className="text-muted">–</span>;
  const end = to ? Date.parse(to) : now;
  return (
    <span className="whitespace-nowrap tabular-nums">{durationText(end - Date.parse(from))}</span>
  );
}
