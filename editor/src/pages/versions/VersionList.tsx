/** The versions one below the other, the newest first, and the draft above them. */
import type { VersionRow } from "@/api/editing";
import { Badge } from "@/ui/Badge";
import { classNames } from "@/ui/classNames";
import { Time } from "@/ui/Time";

/** What stands for the draft where a version's number may stand. */
export const DRAFT = "draft";

interface VersionListProps {
  rows: readonly VersionRow[];
  shown: string;
  revision: number;
  onShow: (version: string) => void;
}

/** The list. */
export function VersionList({ rows, shown, revision, onShow }: VersionListProps) {
  return (
    <nav aria-label="Versions" className="max-h-64 overflow-y-auto lg:max-h-[70dvh]">
      <ul className="flex flex-col gap-1">
        <Line isShown={shown === DRAFT} onShow={() => onShow(DRAFT)}>
          <span className="font-medium">The draft</span>
          <span className="block text-muted text-xs">{`Revision ${revision}, as last saved`}</span>
        </Line>
        {rows.map((row) => (
          <Line
            key={row.number}
            isShown={shown === String(row.number)}
            onShow={() => onShow(String(row.number))}
          >
            <span className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{`Version ${row.number}`}</span>
              {row.published && <Badge tone="accent">Runs now</Badge>}
            </span>
            <span className="block text-muted text-xs">
              <Time at={row.created_at} />
              {row.created_by && ` by ${row.created_by}`}
            </span>
          </Line>
        ))}
      </ul>
    </nav>
  );
}

interface LineProps {
  isShown: boolean;
  onShow: () => void;
  children: React.ReactNode;
}

function Line({ isShown, onShow, children }: LineProps) {
  return (
    <li>
      <button
        type="button"
        aria-current={isShown || undefined}
        onClick={onShow}
        className={classNames(
          "w-full rounded-md border px-3 py-2 text-left text-sm",
          isShown ? "border-accent bg-accent-soft" : "border-line bg-surface hover:bg-hover",
        )}
      >
        {children}
      </button>
    </li>
  );
}
