/** What is shown when a page broke: what happened, and a way out that keeps the session. */
import { useRouteError } from "react-router";
import { ErrorState } from "@/ui/placeholders";

/** The page of a page that failed. */
export function PageError() {
  const error = useRouteError();
  return <ErrorState error={error} onRetry={() => window.location.reload()} />;
}
