/** What the history says of each execution. */
import { Link } from "react-router";
import type { ExecutionSummary } from "@/api/execution";
import { shownStatus } from "@/run/stopping";
import type { Column } from "@/ui/DataTable";
import { StatusChip } from "@/ui/StatusChip";
import { Duration, Time } from "@/ui/Time";
import { ExecutionActions } from "./ExecutionActions";
import { TRIGGER_WORDS } from "./historyFilters";

/** Returns the columns; `gone` are rows that no longer fit the filter. */
export function executionColumns(gone: ReadonlySet<string>): Column<ExecutionSummary>[] {
  return [
    {
      id: "status",
      head: "Status",
      part: "plain",
      cell: (row) => (
        <span className="flex items-center gap-2">
          <StatusChip status={shownStatus(row)} />
          {gone.has(row.id) && <span className="text-muted text-xs">no longer in this list</span>}
        </span>
      ),
    },
    {
      id: "workflow",
      head: "Workflow",
      part: "title",
      className: "max-w-0 w-full",
      cell: (row) => (
        <div className="min-w-0">
          <Link
            to={`/executions/${encodeURIComponent(row.id)}`}
            className="block truncate font-medium hover:underline"
          >
            {row.workflow_name || row.workflow}
          </Link>
          <span className="block truncate font-mono text-muted text-xs">{row.id}</span>
        </div>
      ),
    },
    {
      id: "version",
      head: "Version",
      cell: ({ version }) => (
        <span className="tabular-nums">{version ? `v${version}` : "draft"}</span>
      ),
    },
    {
      id: "trigger",
      head: "Started by",
      cell: ({ trigger, owner }) => (
        <span className="whitespace-nowrap">
          {TRIGGER_WORDS[trigger] ?? trigger}
          {owner && <span className="text-muted">{` · ${owner}`}</span>}
        </span>
      ),
    },
    { id: "created", head: "When", cell: ({ created_at }) => <Time at={created_at} /> },
    {
      id: "duration",
      head: "Took",
      className: "text-right",
      cell: ({ started_at, ended_at }) => <Duration from={started_at} to={ended_at} />,
    },
    { id: "actions", head: "", part: "actions", cell: (row) => <ExecutionActions row={row} /> },
  ];
}
