/** The inbox: what waits for people, answered here. */
import { Inbox, MailCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { Link, useNavigate } from "react-router";
import { type TaskStatus, useTasks, useWaiting, type WaitingRow, waitingOf } from "@/api/inbox";
import { classNames } from "@/ui/classNames";
import { Select } from "@/ui/inputs";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { useNow } from "@/ui/Time";
import { useToast } from "@/ui/Toast";
import { useUrlFilters } from "@/ui/urlFilters";
import { InboxDetail } from "./InboxDetail";
import { InboxList } from "./InboxList";
import { CHOICES, FILTERS, type InboxFilters, idOf, shownRows, workflowsOf } from "./inboxFilters";

/** The page. */
export default function InboxPage() {
  usePageTitle("Inbox");
  const [filters, change] = useUrlFilters<InboxFilters>(FILTERS, CHOICES);
  const found = useRows(filters.show);
  const now = useNow(30);
  const navigate = useNavigate();
  const toast = useToast();
  const open = idOf(filters.task);
  const seen = useLastSeen(found.rows, open);
  const rows = found.rows && shownRows(found.rows, filters, now);
  const answered = (row: WaitingRow) => {
    change({ task: "" });
    toast({
      title: "Sent; the workflow goes on",
      action: {
        label: "Watch it",
        onSelect: () => void navigate(`/executions/${encodeURIComponent(row.root)}`),
      },
    });
  };
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="Inbox">What workflows ask people.</PageHeader>
      <FilterBar filters={filters} change={change} rows={found.rows ?? []} />
      {found.error && !rows ? (
        <ErrorState error={found.error} onRetry={found.retry} />
      ) : !rows ? (
        <Skeleton lines={6} />
      ) : (
        <div className="flex min-h-0 flex-1 lg:border-line lg:border-t">
          <section
            aria-label="What waits"
            className={classNames(
              "min-h-0 w-full overflow-y-auto lg:w-96 lg:shrink-0 lg:border-line lg:border-r",
              open && "hidden lg:block",
            )}
          >
            {rows.length === 0 ? (
              <Nothing filters={filters} onClear={() => change(FILTERS)} />
            ) : (
              <InboxList
                rows={rows}
                others={found.others}
                open={open}
                onOpen={(task) => change({ task })}
              />
            )}
            {found.more && (
              <p className="px-4 pb-4 text-muted text-xs">The newest 200 are shown.</p>
            )}
          </section>
          <section
            aria-label="The one that is open"
            className={classNames("min-h-0 flex-1 overflow-y-auto", !open && "hidden lg:block")}
          >
            {open ? (
              <InboxDetail
                key={open}
                id={open}
                row={seen}
                gone={found.rows?.every((row) => row.id !== open) ?? false}
                onAnswered={answered}
                onBack={() => change({ task: "" })}
              />
            ) : (
              rows.length > 0 && (
                <EmptyState icon={Inbox} title="Choose one on the left">
                  What is due first stands on top.
                </EmptyState>
              )
            )}
          </section>
        </div>
      )}
    </div>
  );
}

/** Returns the rows of the chosen list, without filters. */
function useRows(show: string) {
  const waiting = useWaiting();
  const status: TaskStatus = show === "answered" ? "answered" : "open";
  const tasks = useTasks(status, show !== "");
  const query = show === "answered" ? tasks : waiting;
  const mine = new Set(waiting.data?.results.map((row) => row.id));
  const fromTasks = tasks.data?.results.map(waitingOf) ?? [];
  const others = show === "all" ? fromTasks.filter((row) => !mine.has(row.id)) : [];
  const rows: readonly WaitingRow[] | undefined =
    show === "answered"
      ? tasks.data && fromTasks
      : waiting.data && [...waiting.data.results, ...others];
  return {
    rows,
    others: new Set(others.map((row) => row.id)),
    error: query.error,
    retry: () => void query.refetch(),
    more: Boolean(query.data?.next),
  };
}

/** Returns the open row as it was when the list last had it: an answer by somebody else must not
 * take the form away. */
function useLastSeen(rows: readonly WaitingRow[] | undefined, open: string) {
  const [seen, setSeen] = useState<WaitingRow>();
  const current = rows?.find((row) => row.id === open);
  useEffect(() => {
    if (current) setSeen(current);
  }, [current]);
  return current ?? (seen?.id === open ? seen : undefined);
}

interface FilterBarProps {
  filters: InboxFilters;
  change: (some: Partial<InboxFilters>) => void;
  rows: readonly WaitingRow[];
}

function FilterBar({ filters, change, rows }: FilterBarProps) {
  const choices = [
    {
      name: "show",
      label: "Whose",
      options: { "": "For me", all: "All I may see", answered: "Answered" },
    },
    {
      name: "kind",
      label: "Kind",
      options: { "": "Questions and steps", approval: "Questions", step: "Steps", event: "Events" },
    },
    {
      name: "age",
      label: "Age",
      options: { "": "Any age", "1h": "Over an hour", "24h": "Over a day", "7d": "Over a week" },
    },
    {
      name: "sort",
      label: "Order",
      options: { "": "Due first", oldest: "Oldest first", newest: "Newest first" },
    },
  ] as const;
  return (
    <search
      className={classNames(
        "flex-wrap gap-2 px-4 pb-3 sm:px-6",
        // Where the list makes room for the one that is open, its filters do too.
        filters.task ? "hidden lg:flex" : "flex",
      )}
    >
      {choices.map(({ name, label, options }) => (
        <Select
          key={name}
          aria-label={label}
          className="w-auto!"
          value={filters[name]}
          onChange={(value) => change({ [name]: value })}
          options={Object.entries(options).map(([value, word]) => ({ value, label: word }))}
        />
      ))}
      <Select
        aria-label="Workflow"
        className="w-auto! max-w-56"
        value={filters.workflow}
        onChange={(workflow) => change({ workflow })}
        options={[{ value: "", label: "All workflows" }, ...workflowsOf(rows)]}
      />
    </search>
  );
}

function Nothing({ filters, onClear }: { filters: InboxFilters; onClear: () => void }) {
  if (filters.kind || filters.workflow || filters.age) {
    return (
      <EmptyState icon={Inbox} title="Nothing fits the filters">
        <button type="button" className="text-accent underline" onClick={onClear}>
          Clear the filters
        </button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={MailCheck} title="Nothing waits for you">
      When a workflow reaches an approval, it stops and asks here. Try the sample “Approve a
      purchase”:{" "}
      <Link to="/workflows?new=sample" className="text-accent underline">
        look at the samples
      </Link>
      .
    </EmptyState>
  );
}
