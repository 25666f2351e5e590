/** What waits, one under the other. */
import { CircleHelp, Hourglass, type LucideIcon, Pause } from "lucide-react";
import type { WaitingRow } from "@/api/inbox";
import { Badge } from "@/ui/Badge";
import { classNames } from "@/ui/classNames";
import { Time } from "@/ui/Time";
import { Deadline } from "./Deadline";

const KINDS: Record<WaitingRow["kind"], { word: string; icon: LucideIcon }> = {
  approval: { word: "Question", icon: CircleHelp },
  step: { word: "Step", icon: Pause },
  event: { word: "Event", icon: Hourglass },
};

interface InboxListProps {
  rows: readonly WaitingRow[];
  /** Ids of those that this account may see but not answer. */
  others: ReadonlySet<string>;
  open: string;
  onOpen: (id: string) => void;
}

/** The list. */
export function InboxList({ rows, others, open, onOpen }: InboxListProps) {
  return (
    <ul aria-label="Waiting" className="flex flex-col gap-1.5 p-3">
      {rows.map((row) => {
        const { word, icon: Icon } = KINDS[row.kind];
        return (
          <li key={row.id}>
            <button
              type="button"
              aria-current={row.id === open || undefined}
              onClick={() => onOpen(row.id)}
              className={classNames(
                "flex w-full flex-col gap-1 rounded-lg border bg-surface px-3 py-2 text-left hover:bg-hover",
                row.id === open ? "border-accent" : "border-line",
              )}
            >
              <span className="flex items-start gap-2">
                <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-state-waiting" />
                <span className="min-w-0 flex-1 break-words font-medium text-sm">
                  {row.title || row.step_name}
                </span>
                <Badge>{word}</Badge>
              </span>
              <span className="flex flex-wrap items-center gap-x-3 text-muted text-xs">
                <span className="truncate">{row.workflow_name || row.workflow}</span>
                <Time at={row.since} />
                <Deadline at={row.deadline_at} />
                {others.has(row.id) && <span>for somebody else</span>}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
