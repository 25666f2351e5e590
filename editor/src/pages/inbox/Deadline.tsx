/** How long one still has, counting down. */
import { AlarmClock } from "lucide-react";
import { classNames } from "@/ui/classNames";
import { useNow } from "@/ui/Time";
import { Tooltip } from "@/ui/Tooltip";
import { absoluteTime, durationText } from "@/ui/time";
import { useTimeZone } from "@/ui/timeZone";

const SOON_MS = 3_600_000;

/** The countdown to `at` (ISO text); nothing without one. */
export function Deadline({ at }: { at: string | null }) {
  const now = useNow(1, !at);
  const zone = useTimeZone();
  if (!at) return null;
  const left = Date.parse(at) - now;
  return (
    <Tooltip text={absoluteTime(at, zone)}>
      <span
        className={classNames(
          "inline-flex items-center gap-1 whitespace-nowrap text-xs tabular-nums",
          left < SOON_MS ? "font-medium text-danger" : "text-muted",
        )}
      >
        <AlarmClock aria-hidden className="size-3.5" />
        {left > 0 ? `${durationText(Math.ceil(left / 1000) * 1000)} left` : "deadline has passed"}
      </span>
    </Tooltip>
  );
}
