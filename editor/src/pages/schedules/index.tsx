/** Schedules: which workflows start by themselves, when, and what came of it. */
import { CalendarClock, CalendarPlus, Pause, SearchX } from "lucide-react";
import { useCallback, useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { cursorOf } from "@/api/paging";
import { type ScheduleRow, useSchedules } from "@/api/schedules";
import { useWorkflowChoices } from "@/api/workflows";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { Select } from "@/ui/inputs";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { Tooltip } from "@/ui/Tooltip";
import { useUrlFilters } from "@/ui/urlFilters";
import { timingWords } from "./cronWords";
import { LastFires } from "./Fires";
import { ScheduleActions } from "./ScheduleActions";
import { ScheduleEditor } from "./ScheduleEditor";

const FILTERS = { workflow: "", paused: "", cursor: "" };
const CHOICES = { paused: ["true", "false"] };

/** The page. */
export default function SchedulesPage() {
  usePageTitle("Schedules");
  const [filters, change] = useUrlFilters(FILTERS, CHOICES);
  const [params, setParams] = useSearchParams();
  const edited = params.get("edit");
  const setEdited = useCallback(
    (id: string | null) =>
      setParams((before) => {
        const after = new URLSearchParams(before);
        if (id === null) after.delete("edit");
        else after.set("edit", id);
        return after;
      }),
    [setParams],
  );
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
  const list = useSchedules(query);
  const workflows = useWorkflowChoices();
  const columns = useMemo(() => columnsOf(setEdited), [setEdited]);
  const isNarrowed = Boolean(filters.workflow || filters.paused);
  return (
    <>
      <PageHeader
        title="Schedules"
        actions={
          <Button look="primary" icon={CalendarPlus} onClick={() => setEdited("new")}>
            New schedule
          </Button>
        }
      />
      <search className="flex flex-wrap gap-2 px-4 pb-3 sm:px-6">
        <Select
          aria-label="Workflow"
          className="w-auto! max-w-56"
          value={filters.workflow}
          onChange={(workflow) => change({ workflow })}
          options={[
            { value: "", label: "All workflows" },
            ...(workflows.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Select
          aria-label="State"
          className="w-auto!"
          value={filters.paused}
          onChange={(paused) => change({ paused })}
          options={[
            { value: "", label: "On and paused" },
            { value: "false", label: "On" },
            { value: "true", label: "Paused" },
          ]}
        />
      </search>
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton lines={6} />
      ) : list.data.results.length === 0 ? (
        isNarrowed ? (
          <EmptyState
            icon={SearchX}
            title="No schedule fits"
            actions={<Button onClick={() => change(FILTERS)}>Clear the filters</Button>}
          />
        ) : (
          <EmptyState
            icon={CalendarClock}
            title="Nothing starts by itself yet"
            actions={
              <Button look="primary" icon={CalendarPlus} onClick={() => setEdited("new")}>
                Make a schedule
              </Button>
            }
          >
            A schedule starts a workflow every morning, every hour, or whenever you say, with the
            input you give it here.
          </EmptyState>
        )
      ) : (
        <div className="sm:px-3">
          <DataTable
            label="Schedules"
            rows={list.data.results}
            columns={columns}
            rowKey={(row) => row.id}
          />
          <Pager
            previous={cursorOf(list.data.previous)}
            next={cursorOf(list.data.next)}
            first={filters.cursor === ""}
            onMove={(cursor) => change({ cursor: cursor ?? "" })}
          />
        </div>
      )}
      {edited !== null && (
        <ScheduleEditor
          id={edited === "new" ? null : edited}
          workflow={filters.workflow}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

function columnsOf(onEdit: (id: string) => void): Column<ScheduleRow>[] {
  return [
    {
      id: "workflow",
      head: "Workflow",
      part: "title",
      className: "max-w-0 w-full",
      cell: (row) => (
        <div className="min-w-0">
          <Link
            to={`/workflows/${encodeURIComponent(row.workflow)}`}
            className="block truncate font-medium hover:underline"
          >
            {row.workflow_name}
          </Link>
          <span className="text-muted text-xs">
            {row.source === "python" ? "from code" : row.owner}
          </span>
        </div>
      ),
    },
    {
      id: "timing",
      head: "When",
      part: "plain",
      cell: (row) => (
        <Tooltip text={row.cron ?? `${row.interval} seconds`}>
          <span className="block md:min-w-44">
            {timingWords(row)}
            {row.cron && <span className="block text-muted text-xs">{row.timezone}</span>}
          </span>
        </Tooltip>
      ),
    },
    {
      id: "next",
      head: "Next",
      cell: (row) =>
        row.paused ? (
          <Badge tone="warning">
            <Pause aria-hidden className="size-3.5" />
            {row.paused_by ? `Paused by ${row.paused_by}` : "Paused"}
          </Badge>
        ) : row.next_fire_at ? (
          <Time at={row.next_fire_at} />
        ) : (
          <span className="text-muted">It has ended</span>
        ),
    },
    { id: "last", head: "Last results", cell: (row) => <LastFires schedule={row} /> },
    {
      id: "actions",
      head: "",
      part: "actions",
      cell: (row) => <ScheduleActions row={row} onEdit={onEdit} />,
    },
  ];
}
