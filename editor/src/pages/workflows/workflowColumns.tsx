/** What the list says of each workflow. */
import { Code, PencilRuler } from "lucide-react";
import { Link } from "react-router";
import type { WorkflowRow } from "@/api/workflows";
import { Badge } from "@/ui/Badge";
import type { Column } from "@/ui/DataTable";
import { StatusChip } from "@/ui/StatusChip";
import { Time } from "@/ui/Time";
import { CompileChip } from "./CompileChip";
import { WorkflowActions } from "./WorkflowActions";

/** Returns the columns; `onRun` is called with the workflow to run. */
export function workflowColumns(onRun: (row: WorkflowRow) => void): Column<WorkflowRow>[] {
  return [
    {
      id: "name",
      head: "Name",
      part: "title",
      cell: (row) => <NameCell row={row} />,
      className: "max-w-0 w-full",
    },
    {
      id: "source",
      head: "Made",
      part: "plain",
      cell: ({ source }) => (
        <Badge>
          {source === "drawn" ? (
            <PencilRuler aria-hidden className="size-3.5" />
          ) : (
            <Code aria-hidden className="size-3.5" />
          )}
          {source === "drawn" ? "Drawn" : "Code"}
        </Badge>
      ),
    },
    {
      id: "steps",
      head: "Steps",
      cell: ({ node_count }) => <span className="tabular-nums">{node_count}</span>,
      className: "text-right",
    },
    {
      id: "state",
      head: "State",
      part: "plain",
      cell: ({ compile }) => <CompileChip compile={compile} />,
    },
    {
      id: "last",
      head: "Last execution",
      part: "plain",
      cell: ({ last_execution: last }) =>
        last ? (
          <Link
            to={`/executions/${encodeURIComponent(last.id)}`}
            className="flex items-center gap-2 whitespace-nowrap hover:underline"
          >
            <StatusChip status={last.status} />
            <Time at={last.created_at} />
          </Link>
        ) : (
          <span className="whitespace-nowrap text-muted">Not run yet</span>
        ),
    },
    { id: "updated", head: "Changed", cell: ({ updated_at }) => <Time at={updated_at} /> },
    {
      id: "actions",
      head: "",
      part: "actions",
      cell: (row) => <WorkflowActions row={row} onRun={onRun} />,
    },
  ];
}

function NameCell({ row }: { row: WorkflowRow }) {
  return (
    <div className="min-w-0">
      <Link
        to={`/workflows/${encodeURIComponent(row.id)}`}
        className="block truncate font-medium hover:underline"
      >
        {row.name}
      </Link>
      {row.description && (
        <p className="line-clamp-2 text-muted text-xs md:line-clamp-1" title={row.description}>
          {row.description}
        </p>
      )}
    </div>
  );
}
