/** The list of workflows: find one, run one, make one. */
import { Archive, Plus, SearchX, Workflow } from "lucide-react";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { cursorOf } from "@/api/paging";
import { useWorkflows, type WorkflowRow } from "@/api/workflows";
import { Button } from "@/ui/Button";
import { DataTable } from "@/ui/DataTable";
import { Select } from "@/ui/inputs";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { Pager } from "@/ui/Pager";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { SearchInput } from "@/ui/SearchInput";
import { useUrlFilters } from "@/ui/urlFilters";
import { FirstWorkflow } from "./FirstWorkflow";
import { NewWorkflow } from "./NewWorkflow";
import { RunFromList } from "./RunFromList";
import { workflowColumns } from "./workflowColumns";
import { CHOICES, FILTERS, isNarrowed, queryOf, type WorkflowFilters } from "./workflowFilters";

/** The page. */
export default function WorkflowsPage() {
  usePageTitle("Workflows");
  const [filters, change] = useUrlFilters<WorkflowFilters>(FILTERS, CHOICES);
  const [params, setParams] = useSearchParams();
  const [running, setRunning] = useState<WorkflowRow | null>(null);
  const list = useWorkflows(queryOf(filters));
  const columns = useMemo(() => workflowColumns(setRunning), []);
  const setNew = (way: string | null) =>
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (way) after.set("new", way);
      else after.delete("new");
      return after;
    });
  return (
    <>
      <PageHeader
        title="Workflows"
        actions={
          <Button look="primary" icon={Plus} onClick={() => setNew("blank")}>
            New workflow
          </Button>
        }
      />
      <FilterBar filters={filters} change={change} />
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton lines={8} />
      ) : list.data.results.length === 0 ? (
        <Nothing filters={filters} onClear={() => change(FILTERS)} onNew={setNew} />
      ) : (
        <div className="sm:px-3">
          <DataTable
            label="Workflows"
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
      <NewWorkflow way={params.get("new")} onWay={setNew} />
      {running && <RunFromList row={running} onClose={() => setRunning(null)} />}
    </>
  );
}

interface FilterBarProps {
  filters: WorkflowFilters;
  change: (some: Partial<WorkflowFilters>) => void;
}

function FilterBar({ filters, change }: FilterBarProps) {
  const search = useMemo(() => (q: string) => change({ q }), [change]);
  return (
    <search className="flex flex-wrap gap-2 px-4 pb-3 sm:px-6">
      <SearchInput label="Search workflows" value={filters.q} onChange={search} />
      <Select
        aria-label="How it was made"
        className="w-auto!"
        value={filters.source}
        onChange={(source) => change({ source })}
        options={[
          { value: "", label: "Drawn and code" },
          { value: "drawn", label: "Drawn" },
          { value: "python", label: "From code" },
        ]}
      />
      <Select
        aria-label="State"
        className="w-auto!"
        value={filters.status}
        onChange={(status) => change({ status })}
        options={[
          { value: "", label: "Any state" },
          { value: "ok", label: "Ready" },
          { value: "warnings", label: "With warnings" },
          { value: "errors", label: "With errors" },
        ]}
      />
      <Select
        aria-label="Archive"
        className="w-auto!"
        value={filters.archived}
        onChange={(archived) => change({ archived })}
        options={[
          { value: "", label: "In use" },
          { value: "true", label: "Archived" },
        ]}
      />
      <Select
        aria-label="Order"
        className="w-auto!"
        value={filters.sort}
        onChange={(sort) => change({ sort })}
        options={[
          { value: "updated", label: "Last changed first" },
          { value: "name", label: "By name" },
        ]}
      />
    </search>
  );
}

interface NothingProps {
  filters: WorkflowFilters;
  onClear: () => void;
  onNew: (way: string) => void;
}

function Nothing({ filters, onClear, onNew }: NothingProps) {
  if (isNarrowed(filters)) {
    return (
      <EmptyState
        icon={SearchX}
        title="No workflow fits"
        actions={<Button onClick={onClear}>Clear the filters</Button>}
      >
        Nothing matches what you search for.
      </EmptyState>
    );
  }
  if (filters.archived) {
    return (
      <EmptyState icon={Archive} title="The archive is empty">
        A workflow that you archive leaves the list and cannot be started until you take it out.
      </EmptyState>
    );
  }
  return <FirstWorkflow icon={Workflow} onNew={onNew} />;
}
