/** The versions of a workflow: what each one changed, and making one the draft again. */
import { GitCompareArrows, History } from "lucide-react";
import { useMemo } from "react";
import { Link, useParams } from "react-router";
import { type EditedWorkflow, useEditedWorkflow, useVersion, useVersions } from "@/api/editing";
import { ApiError } from "@/api/errors";
import { compareDocuments } from "@/definition/comparing";
import type { DefinitionDoc } from "@/definition/document";
import { Badge } from "@/ui/Badge";
import { Select } from "@/ui/inputs";
import { NotFound } from "@/ui/NotFound";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { useUrlFilters } from "@/ui/urlFilters";
import { Changes } from "./Changes";
import { RestoreVersion } from "./RestoreVersion";
import { DRAFT, VersionList } from "./VersionList";

const FILTERS = { version: "", against: "" };

/** The page. */
export default function VersionsPage() {
  const { workflowId = "" } = useParams();
  const workflow = useEditedWorkflow(workflowId);
  usePageTitle(workflow.data ? `Versions of ${workflow.data.name}` : "Versions");
  if (workflow.error instanceof ApiError && workflow.error.status === 404) return <NotFound />;
  if (workflow.error) {
    return <ErrorState error={workflow.error} onRetry={() => void workflow.refetch()} />;
  }
  if (!workflow.data) return <Skeleton lines={8} />;
  return <Versions workflow={workflow.data} />;
}

function Versions({ workflow }: { workflow: EditedWorkflow }) {
  const { id, name, definition } = workflow;
  const list = useVersions(id);
  const [filters, change] = useUrlFilters(FILTERS);
  const rows = list.data?.results ?? [];
  const shown = filters.version || String(rows[0]?.number ?? "");
  const at = rows.findIndex((row) => String(row.number) === shown);
  const previous = shown === DRAFT ? rows[0] : rows[at + 1];
  const against = filters.against || String(previous?.number ?? "");
  const row = rows[at];

  const link = (
    <Link to={`/workflows/${id}`} className="hover:underline">
      {`Back to ${name}`}
    </Link>
  );
  return (
    <>
      <PageHeader title="Versions" above={link}>
        A version is made when a save changes what runs. Executions keep the version they began
        with.
      </PageHeader>
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton lines={6} />
      ) : rows.length === 0 ? (
        <EmptyState icon={History} title="There is no version yet">
          Save the workflow without errors, and its first version is made.
        </EmptyState>
      ) : (
        <div className="grid gap-4 px-4 pb-6 sm:px-6 lg:grid-cols-[18rem_minmax(0,1fr)]">
          <VersionList
            rows={rows}
            shown={shown}
            revision={workflow.revision}
            onShow={(version) => change({ version, against: "" })}
          />
          <section aria-label="What changed" className="min-w-0">
            <div className="mb-3 flex flex-wrap items-center gap-2">
              <h2 className="font-semibold text-base">{nameOf(shown)}</h2>
              {row?.published && <Badge tone="accent">Runs now</Badge>}
              <span className="flex items-center gap-2 text-muted text-sm">
                <GitCompareArrows aria-hidden className="size-4" />
                compared with
                <Select
                  small
                  aria-label="Compare with"
                  className="w-auto!"
                  value={against}
                  onChange={(value) => change({ against: value })}
                  options={[
                    { value: "", label: "nothing", disabled: previous !== undefined },
                    { value: DRAFT, label: "the draft" },
                    ...rows.map(({ number }) => ({
                      value: String(number),
                      label: `version ${number}`,
                    })),
                  ].filter(({ value }) => value !== shown)}
                />
              </span>
              {row && (
                <span className="ml-auto flex flex-wrap items-center gap-3">
                  <Link
                    to={`/executions?workflow=${id}&version=${row.number}`}
                    className="text-accent text-sm hover:underline"
                  >
                    Its executions
                  </Link>
                  {workflow.source === "drawn" && (
                    <RestoreVersion workflow={workflow} number={row.number} />
                  )}
                </span>
              )}
            </div>
            <Compared id={id} draft={definition} from={against} to={shown} />
          </section>
        </div>
      )}
    </>
  );
}

interface ComparedProps {
  id: string;
  draft: DefinitionDoc;
  from: string;
  to: string;
}

function Compared({ id, draft, from, to }: ComparedProps) {
  const [before, after] = [useSide(id, from, draft), useSide(id, to, draft)];
  const comparison = useMemo(
    () => (before.data && after.data ? compareDocuments(before.data, after.data) : null),
    [before.data, after.data],
  );
  const failed = before.error ? before : after.error ? after : null;
  if (failed?.error instanceof ApiError && failed.error.status === 404) {
    return <p className="text-muted text-sm">There is no such version.</p>;
  }
  if (failed) return <ErrorState error={failed.error} onRetry={failed.again} />;
  if (!comparison || !before.data || !after.data) return <Skeleton lines={5} />;
  return (
    <Changes
      comparison={comparison}
      before={before.data}
      after={after.data}
      beforeLabel={from === "" ? "Nothing" : nameOf(from)}
      afterLabel={nameOf(to)}
    />
  );
}

const NOTHING: DefinitionDoc = { name: "", nodes: [], edges: [] };

function useSide(id: string, side: string, draft: DefinitionDoc) {
  const number = side === "" || side === DRAFT ? null : Number(side);
  const version = useVersion(id, number);
  const own = side === DRAFT ? draft : NOTHING;
  return {
    data: number === null ? own : version.data?.definition,
    error: version.error,
    again: () => void version.refetch(),
  };
}

function nameOf(side: string): string {
  return side === DRAFT ? "The draft" : `Version ${side}`;
}
