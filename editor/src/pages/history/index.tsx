/** The history: what ran and runs, of all workflows or of one; live, and for many at once. */
import { ArrowUp, Download, History, SearchX } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "react-router";
import type { ExecutionSummary } from "@/api/execution";
import { type BulkAction, type Chosen, useExecutionStats, useExecutions } from "@/api/executions";
import { cursorOf } from "@/api/paging";
import { useWorkflowChoices } from "@/api/workflows";
import { Button } from "@/ui/Button";
import { DataTable } from "@/ui/DataTable";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { useUrlFilters } from "@/ui/urlFilters";
import { BulkBar } from "./BulkBar";
import { BulkDialog } from "./BulkDialog";
import { executionColumns } from "./executionColumns";
import { Figures } from "./Figures";
import { HistoryFilterBar } from "./HistoryFilterBar";
import {
  CHOICES,
  FILTERS,
  filterOf,
  type HistoryFilters,
  isNarrowed,
  queryOf,
  tableAddress,
} from "./historyFilters";
import { useLiveRows } from "./liveRows";
import { chosenOf, has, isNone, NONE, type Selected, toggled, withPage } from "./selection";

const NO_ROWS: ExecutionSummary[] = [];

/** The page. */
export default function HistoryPage() {
  const [filters, change] = useUrlFilters<HistoryFilters>(FILTERS, CHOICES);
  const name = useWorkflowName(filters.workflow);
  usePageTitle(name ? `Executions of ${name}` : "Executions");
  const stats = useExecutionStats({ ...filters, cursor: "" }, () => filterOf(filters, Date.now()));
  return (
    <>
      <PageHeader
        title={name ? `Executions of ${name}` : "Executions"}
        above={
          name && (
            <Link
              to={`/workflows/${encodeURIComponent(filters.workflow)}`}
              className="text-accent underline"
            >
              Open the workflow
            </Link>
          )
        }
        actions={
          <Button
            icon={Download}
            onClick={() => window.location.assign(tableAddress(filters, Date.now()))}
          >
            Download as a table
          </Button>
        }
      />
      <HistoryFilterBar filters={filters} change={change} />
      {/* Figures are a help; without them the list still stands. */}
      {stats.data && stats.data.total > 0 && <Figures stats={stats.data} />}
      <Rows filters={filters} change={change} matching={stats.data?.total ?? null} />
    </>
  );
}

interface RowsProps {
  filters: HistoryFilters;
  change: (some: Partial<HistoryFilters>) => void;
  matching: number | null;
}

function Rows({ filters, change, matching }: RowsProps) {
  const list = useExecutions(filters, () => queryOf(filters, Date.now()));
  const listKey = JSON.stringify(filters);
  const [choice, setChoice] = useState({ listKey, selected: NONE });
  // What was chosen in one list is not chosen in another.
  const selected = choice.listKey === listKey ? choice.selected : NONE;
  const setSelected = (some: Selected) => setChoice({ listKey, selected: some });
  const [isHeld, hold] = useHold();
  const [bulk, setBulk] = useState<{ action: BulkAction; chosen: Chosen } | null>(null);
  const live = useLiveRows(
    list.data?.results ?? NO_ROWS,
    isHeld || !isNone(selected) || bulk !== null,
    listKey,
  );
  const columns = useMemo(() => executionColumns(live.gone), [live.gone]);
  const page = live.rows.map((row) => row.id);
  if (list.error && !list.data) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (!list.data) return <Skeleton lines={8} />;
  return (
    <>
      {live.fresh > 0 && filters.cursor === "" && (
        <div className="flex justify-center pb-2">
          <Button small look="primary" icon={ArrowUp} onClick={live.release}>
            {live.fresh === 1 ? "1 new execution" : `${live.fresh} new executions`}
          </Button>
        </div>
      )}
      {!isNone(selected) && (
        <BulkBar
          selected={selected}
          matching={matching}
          pageChosen={page.every((id) => has(selected, id))}
          onAll={() => setSelected({ kind: "all" })}
          onNone={() => setSelected(NONE)}
          onAction={(action) =>
            setBulk({ action, chosen: chosenOf(selected, filterOf(filters, Date.now())) })
          }
        />
      )}
      {live.rows.length === 0 ? (
        <Nothing filters={filters} onClear={() => change(FILTERS)} />
      ) : (
        <div className="sm:px-3" {...hold}>
          <DataTable
            label="Executions"
            rows={live.rows}
            columns={columns}
            rowKey={(row) => row.id}
            rowClass={(row) => (live.gone.has(row.id) ? "opacity-60" : undefined)}
            selection={{
              has: (row) => has(selected, row.id),
              toggle: (row) => setSelected(toggled(selected, row.id, page)),
              toggleAll: (chosen) => setSelected(withPage(selected, page, chosen)),
              nameOf: (row) => `${row.workflow_name || row.workflow} ${row.id}`,
            }}
          />
        </div>
      )}
      <Pager
        previous={cursorOf(list.data.previous)}
        next={cursorOf(list.data.next)}
        first={filters.cursor === ""}
        onMove={(cursor) => change({ cursor: cursor ?? "" })}
      />
      {bulk && (
        <BulkDialog {...bulk} onClose={() => setBulk(null)} onStarted={() => setSelected(NONE)} />
      )}
    </>
  );
}

/** Returns whether somebody points at the rows or works in them, and what to put around them. */
function useHold() {
  const [isOver, setOver] = useState(false);
  const [isInside, setInside] = useState(false);
  return [
    isOver || isInside,
    {
      onPointerEnter: () => setOver(true),
      onPointerLeave: () => setOver(false),
      onFocus: () => setInside(true),
      onBlur: () => setInside(false),
    },
  ] as const;
}

function useWorkflowName(id: string): string {
  const choices = useWorkflowChoices();
  if (id === "") return "";
  return choices.data?.results.find((row) => row.id === id)?.name ?? id;
}

function Nothing({
  filters,
  onClear,
}: {
  filters: HistoryFilters;
  onClear: () => void;
}): ReactNode {
  if (isNarrowed(filters)) {
    return (
      <EmptyState
        icon={SearchX}
        title="No execution fits"
        actions={<Button onClick={onClear}>Clear the filters</Button>}
      >
        Nothing matches these filters.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={History} title="Nothing has run yet">
      Each time a workflow runs, you find it here: what went in, what came out, and what went wrong.{" "}
      <Link to="/workflows" className="text-accent underline">
        Go to the workflows
      </Link>
    </EmptyState>
  );
}
