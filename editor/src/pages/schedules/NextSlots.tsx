/** The next five moments of a timing, as its zone's clock shows them. */
import { useEffect, useState } from "react";
import { type Timing, useSlots } from "@/api/schedules";
import { messageOf } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { clockText } from "./zones";

const PAUSE_MS = 400;

/** The moments, or why there are none; asked for a moment after the last change. */
export function NextSlots({ timing }: { timing: Timing }) {
  const settled = useSettled(timing);
  const slots = useSlots(settled);
  return (
    <section
      aria-label="Next times"
      aria-live="polite"
      className="rounded-lg bg-canvas p-3 text-sm"
    >
      <h3 className="mb-1 font-medium text-muted text-xs">{`Next times, ${timing.timezone}`}</h3>
      {slots.error ? (
        <p className="text-danger">{messageOf(slots.error)}</p>
      ) : !slots.data ? (
        <p className="text-muted">…</p>
      ) : slots.data.fires.length === 0 ? (
        <p className="text-warning">It is never due.</p>
      ) : (
        <ol className="flex flex-col gap-0.5">
          {slots.data.fires.map((slot) => (
            <li key={slot.utc} className="flex flex-wrap gap-x-3 tabular-nums">
              {clockText(slot.local)}
              <span className="text-muted">
                <Time at={slot.utc} />
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** Returns `timing` once it has not changed for a moment. */
function useSettled(timing: Timing): Timing {
  const text = JSON.stringify(timing);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(settled) as Timing;
}
