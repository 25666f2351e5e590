/** Asks for the password over the page when the session has ended, so that nothing on it is lost. */
import { useQueryClient } from "@tanstack/react-query";
import { setSessionEnded } from "@/api/sessionEnd";
import { LogInForm } from "@/pages/login/LogInForm";
import { Dialog } from "@/ui/Dialog";

/** The question; for the account that was logged in, since the page is its own. */
export function LogInAgain({ username }: { username: string }) {
  const client = useQueryClient();
  return (
    <Dialog
      open
      onOpenChange={() => undefined}
      title="Your session has ended"
      description="Log in again to go on where you are. What you entered is still there."
      width="narrow"
    >
      <LogInForm
        username={username}
        onDone={() => {
          setSessionEnded(false);
          void client.invalidateQueries();
        }}
      />
      <p className="mt-3 text-sm">
        <a
          href={`/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`}
          className="text-accent underline"
        >
          Leave this page and log in as somebody else
        </a>
      </p>
    </Dialog>
  );
}
