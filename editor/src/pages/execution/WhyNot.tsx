/** Why a run does not move, and what would move it on, in the server's words. */
import { Hourglass } from "lucide-react";
import type { Reason } from "@/api/execution";
import { sentence } from "@/run/whyNotRun";
import { Time } from "@/ui/Time";

interface WhyNotProps {
  reasons: readonly Reason[];
  /** What people call the run of a key. */
  nameOf: (key: string) => string;
  onSelect: (key: string, executionId: string) => void;
}

const PLAIN = new Set(["running", "approval", "answer", "event"]);

/** The reasons; what is at work, or is asked below, needs no words. */
export function WhyNot({ reasons, nameOf, onSelect }: WhyNotProps) {
  const told = reasons.filter((reason) => !PLAIN.has(reason.code));
  if (told.length === 0) return null;
  return (
    <section aria-label="Why it does not move" className="rounded-md border border-line p-3">
      <h2 className="flex items-center gap-1.5 font-medium text-sm">
        <Hourglass aria-hidden className="size-4 text-state-waiting" />
        Why it does not move
      </h2>
      <ul className="mt-1 flex flex-col gap-1 text-sm">
        {told.map((reason) => {
          const { key } = reason;
          return (
            <li key={`${reason.execution_id}/${key}/${reason.code}`}>
              {key && (
                <button
                  type="button"
                  className="mr-1 text-accent underline"
                  onClick={() => onSelect(key, reason.execution_id)}
                >
                  {nameOf(key)}
                </button>
              )}
              {sentence(reason.message)}
              {reason.since && (
                <span className="text-muted">
                  {" · since "}
                  <Time at={reason.since} />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
