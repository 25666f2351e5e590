/** The login; it leads back to where one was. */
import { Sprout } from "lucide-react";
import { useEffect } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { useSession } from "@/api/session";
import { usePageTitle } from "@/ui/PageHeader";
import { LogInForm } from "./LogInForm";
import { isOurs, nextPlace } from "./nextPlace";

/** The page. */
export default function LoginPage() {
  usePageTitle("Log in");
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const session = useSession();
  const next = nextPlace(params.get("next"));
  const isIn = session.data !== undefined && session.error === null;
  useEffect(() => {
    if (!isIn) return;
    if (isOurs(next)) void navigate(next, { replace: true });
    else window.location.replace(next);
  }, [isIn, next, navigate]);
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 p-4">
      <div className="flex items-center gap-2 text-xl">
        <Sprout aria-hidden className="size-7 text-state-completed" />
        <h1 className="font-semibold">Celeriac</h1>
      </div>
      <section
        aria-label="Log in"
        className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-sm"
      >
        {/* What follows the login is the effect's: it also finds those who were in already. */}
        <LogInForm onDone={() => undefined} />
      </section>
      <p className="max-w-sm text-center text-muted text-xs">
        No account? Whoever runs this site makes one in the admin, or with{" "}
        <code>manage.py createsuperuser</code>.
      </p>
    </main>
  );
}
