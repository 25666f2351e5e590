/** What surrounds every page: the ways to the others, who is logged in, and the page itself. */
import { Suspense } from "react";
import { Navigate, Outlet, useLocation, useNavigation } from "react-router";
import { isLoggedOut } from "@/api/errors";
import { useSession } from "@/api/session";
import { useSessionEnded } from "@/api/sessionEnd";
import { ErrorState, Skeleton } from "@/ui/placeholders";
import { LogInAgain } from "./LogInAgain";
import { Navigation } from "./Navigation";

/** The frame of all pages behind the login. */
export function Layout() {
  const session = useSession();
  const hasEnded = useSessionEnded() || isLoggedOut(session.error);
  const location = useLocation();
  const navigation = useNavigation();
  if (isLoggedOut(session.error) && !session.data) {
    const next = encodeURIComponent(location.pathname + location.search);
    return <Navigate to={`/login?next=${next}`} replace />;
  }
  if (session.error && !session.data) {
    return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  }
  if (!session.data) return <Skeleton lines={6} />;
  return (
    <div className="flex h-full flex-col lg:flex-row">
      <a
        href="#page"
        className="sr-only z-50 rounded bg-accent px-3 py-1 text-on-accent focus:not-sr-only focus:absolute focus:m-2"
      >
        Skip to the page
      </a>
      <Navigation user={session.data} />
      {hasEnded && <LogInAgain username={session.data.username} />}
      <main
        id="page"
        tabIndex={-1}
        aria-busy={navigation.state === "loading" || undefined}
        className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-none"
      >
        <Suspense fallback={<Skeleton lines={6} />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
