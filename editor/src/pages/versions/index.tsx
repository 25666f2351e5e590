/** The versions of a workflow: which one runs, what changed from one to the next, and the way back. */
import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import {
  useEditedWorkflow,
  useRestore,
  useVersion,
  useVersions,
  type VersionRow,
} from "@/api/editing";
import { ApiError } from "@/api/errors";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { classNames } from "@/ui/classNames";
import { ConfirmDialog } from "@/ui/Dialog";
import { NotFound } from "@/ui/NotFound";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { EmptyState, ErrorState, messageOf, Skeleton } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { useToast } from "@/ui/Toast";
import { Changes } from "./Changes";

const JsonDiff = lazy(() => import("@/ui/JsonDiff"));

/** The page. */
export default function VersionsPage() {
  const { workflowId = "" } = useParams();
  const workflow = useEditedWorkflow(workflowId);
  const versions = useVersions(workflowId);
  const [params, setParams] = useSearchParams();
  usePageTitle(workflow.data ? `Versions of ${workflow.data.name}` : "Versions");
  const error = workflow.error ?? versions.error;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (error) return <ErrorState error={error} onRetry={() => void versions.refetch()} />;
  if (!versions.data || !workflow.data) return <Skeleton lines={6} />;
  const rows = versions.data.results;
  const wanted = Number(params.get("version"));
  const shown = rows.find((row) => row.number === wanted) ?? rows[0];
  return (
    <div className="flex h-full flex-col">
      <PageHeader
        above={
          <Link to={`/workflows/${workflowId}`} className="hover:underline">
            {`Back to ${workflow.data.name}`}
          </Link>
        }
        title="Versions"
      >
        Each save without errors makes one. Executions keep the version they began with.
      </PageHeader>
      {rows.length === 0 || !shown ? (
        <EmptyState icon={History} title="No version yet">
          The first one is made when the workflow is saved without errors.
        </EmptyState>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col gap-4 px-4 pb-4 md:flex-row sm:px-6">
          <ul
            aria-label="Versions"
            className="flex shrink-0 flex-col gap-1 overflow-y-auto md:w-64"
          >
            {rows.map((row) => (
              <li key={row.number}>
                <VersionLine
                  row={row}
                  isShown={row === shown}
                  onShow={() => setParams({ version: String(row.number) }, { replace: true })}
                />
              </li>
            ))}
          </ul>
          <OneVersion
            key={shown.number}
            workflowId={workflowId}
            row={shown}
            canRestore={workflow.data.source === "drawn" && !shown.published}
          />
        </div>
      )}
    </div>
  );
}

function VersionLine({
  row,
  isShown,
  onShow,
}: {
  row: VersionRow;
  isShown: boolean;
  onShow: () => void;
}) {
  return (
    <button
      type="button"
      aria-current={isShown || undefined}
      onClick={onShow}
      className={classNames(
        "w-full rounded-md border px-3 py-2 text-left text-sm",
        isShown ? "border-accent bg-accent-soft" : "border-line bg-surface hover:bg-hover",
      )}
    >
      <span className="flex items-center gap-2 font-medium">
        {`Version ${row.number}`}
        {row.published && <Badge tone="accent">runs</Badge>}
      </span>
      <span className="text-muted text-xs">
        <Time at={row.created_at} />
        {row.created_by && ` by ${row.created_by}`}
      </span>
    </button>
  );
}

interface OneVersionProps {
  workflowId: string;
  row: VersionRow;
  canRestore: boolean;
}

function OneVersion({ workflowId, row, canRestore }: OneVersionProps) {
  const navigate = useNavigate();
  const toast = useToast();
  const restore = useRestore(workflowId);
  const [asking, setAsking] = useState(false);
  const version = useVersion(workflowId, row.number);
  const before = useVersion(workflowId, row.number > 1 ? row.number - 1 : null);
  const go = () =>
    restore.mutate(row.number, {
      onSuccess: () => void navigate(`/workflows/${workflowId}`),
      onError: (error) =>
        toast({ title: "It was not restored", body: messageOf(error), tone: "danger" }),
    });
  return (
    <section
      aria-label={`Version ${row.number}`}
      className="min-h-0 min-w-0 flex-1 overflow-y-auto"
    >
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="flex-1 font-semibold">
          {row.number > 1 ? `What version ${row.number} changed` : "The first version"}
        </h2>
        {canRestore && <Button onClick={() => setAsking(true)}>Restore it</Button>}
        <Button
          onClick={() => void navigate(`/executions?workflow=${workflowId}&version=${row.number}`)}
        >
          Its executions
        </Button>
      </div>
      <Changes workflowId={workflowId} number={row.number} />
      {version.data && (row.number === 1 || before.data) ? (
        <Suspense fallback={<Skeleton lines={8} />}>
          <JsonDiff
            before={before.data?.definition ?? version.data.definition}
            after={version.data.definition}
            beforeLabel={row.number > 1 ? `Version ${row.number - 1}` : "Nothing"}
            afterLabel={`Version ${row.number}`}
          />
        </Suspense>
      ) : version.error ? (
        <ErrorState error={version.error} onRetry={() => void version.refetch()} />
      ) : (
        <Skeleton lines={8} />
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Restore version ${row.number}?`}
        confirm="Restore it"
        busy={restore.isPending}
        onConfirm={go}
      >
        <p>
          It becomes the draft again, and a new version that new executions run. What is there now
          stays among the versions; executions that go on keep theirs.
        </p>
      </ConfirmDialog>
    </section>
  );
}
