/** The filters over the history. */
import { useMemo } from "react";
import { useWorkflowChoices } from "@/api/workflows";
import { EXECUTION_STATUSES } from "@/contracts/generated/statuses";
import { Button } from "@/ui/Button";
import { Select, TextInput } from "@/ui/inputs";
import { MultiSelect } from "@/ui/MultiSelect";
import { SearchInput } from "@/ui/SearchInput";
import { lookOf } from "@/ui/state";
import { FILTERS, type HistoryFilters, isNarrowed, PERIODS, TRIGGER_WORDS } from "./historyFilters";

const STATUSES = EXECUTION_STATUSES.map((value) => ({ value, label: lookOf(value).word }));
const TRIGGERS = Object.entries(TRIGGER_WORDS).map(([value, label]) => ({ value, label }));
const TIMES = [
  { value: "", label: "Any time" },
  ...Object.entries(PERIODS).map(([value, { word }]) => ({ value, label: word })),
  { value: "custom", label: "From … to …" },
];

interface HistoryFilterBarProps {
  filters: HistoryFilters;
  change: (some: Partial<HistoryFilters>) => void;
}

/** The bar. */
export function HistoryFilterBar({ filters, change }: HistoryFilterBarProps) {
  const search = useMemo(() => (q: string) => change({ q }), [change]);
  return (
    <search className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-6">
      <SearchInput
        label="Search executions"
        placeholder="Id or workflow's name"
        value={filters.q}
        onChange={search}
      />
      <MultiSelect
        label="Status"
        options={STATUSES}
        value={filters.status}
        onChange={(status) => change({ status })}
      />
      <WorkflowSelect
        value={filters.workflow}
        onChange={(workflow) => change({ workflow, version: "" })}
      />
      {filters.workflow && (
        <TextInput
          type="number"
          min={1}
          aria-label="Version"
          placeholder="Version"
          className="w-24!"
          value={filters.version}
          onChange={(event) => change({ version: event.target.value })}
        />
      )}
      <MultiSelect
        label="Started by"
        options={TRIGGERS}
        value={filters.trigger}
        onChange={(trigger) => change({ trigger })}
      />
      <Select
        aria-label="Time"
        className="w-auto!"
        value={filters.period}
        onChange={(period) => change({ period, from: "", to: "" })}
        options={TIMES}
      />
      {filters.period === "custom" && <Between filters={filters} change={change} />}
      {isNarrowed(filters) && (
        <Button look="quiet" onClick={() => change(FILTERS)}>
          Clear
        </Button>
      )}
    </search>
  );
}

function Between({ filters, change }: HistoryFilterBarProps) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      {(["from", "to"] as const).map((name) => (
        <TextInput
          key={name}
          type="datetime-local"
          aria-label={name === "from" ? "Started after" : "Started before"}
          className="w-auto!"
          value={filters[name]}
          onChange={(event) => change({ [name]: event.target.value })}
        />
      ))}
    </span>
  );
}

function WorkflowSelect({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const choices = useWorkflowChoices();
  const found = choices.data?.results ?? [];
  const isKnown = value === "" || found.some(({ id }) => id === value);
  return (
    <Select
      aria-label="Workflow"
      className="w-auto! max-w-56"
      value={value}
      onChange={onChange}
      options={[
        { value: "", label: "All workflows" },
        ...(isKnown ? [] : [{ value, label: value }]),
        ...found.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}
