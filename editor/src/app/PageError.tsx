/** What is shown when a page broke: what happened, and a way out that keeps the session. */
import { useRouteError } from "react-router";
import { ErrorState } from "@/ui/placeholders";

/** The page of a page that failed. */
export function PageError() {
  const error = useRouteError();
  // A page that stays open while a newer version is installed asks for files that are gone.
  const shown = isMissingPart(error) ? new Error(NEWER) : error;
  return <ErrorState error={shown} onRetry={() => window.location.reload()} />;
}

const NEWER = "a newer version was installed since this page was opened; trying again loads it";

function isMissingPart(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|module script/i.test(error.message)
  );
}
