/** The page of one run: whether it is there and may be seen, and then all of it. */
import { Ghost } from "lucide-react";
import { Link, useParams } from "react-router";
import { useExecution, useRefresh } from "@/execution/hooks";
import { shownStatus } from "@/run/stopping";
import { usePageTitle } from "@/ui/PageHeader";
import { EmptyState, ErrorState, Skeleton } from "@/ui/placeholders";
import { lookOf } from "@/ui/state";
import { ExecutionPage } from "./ExecutionPage";

/** The page. */
export default function Page() {
  const { executionId = "" } = useParams();
  const live = useExecution(executionId);
  const refresh = useRefresh(executionId);
  const { view, record, error } = live;
  const word = view ? lookOf(shownStatus(view)).word : "Run";
  usePageTitle(record ? `${word}: ${record.workflow_name}` : "Run");
  // What was seen a moment ago may be deleted by now.
  if (error && [403, 404, 410].includes(error.status)) return <Missing />;
  if (error && !view) return <ErrorState error={error} onRetry={refresh} />;
  if (!view || !record) return <Skeleton lines={10} />;
  return <ExecutionPage key={executionId} live={live} view={view} record={record} />;
}

function Missing() {
  return (
    <EmptyState icon={Ghost} title="This run is not there">
      It was deleted, it is older than runs are kept, or it belongs to somebody else.{" "}
      <Link to="/executions" className="text-accent underline">
        Go to the executions
      </Link>
    </EmptyState>
  );
}
