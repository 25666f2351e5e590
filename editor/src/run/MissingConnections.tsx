/** The accounts a workflow acts with and that nobody has connected, and the way to connect them. */
import { KeyRound } from "lucide-react";
import { Link } from "react-router";

/** The list; nothing where none is missing. */
export function MissingConnections({ toolkits }: { toolkits: readonly string[] }) {
  if (toolkits.length === 0) return null;
  return (
    <div role="alert" className="flex gap-2 rounded-md bg-warning-soft p-3 text-sm">
      <KeyRound aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
      <div>
        <p>{`It needs an account of ${toolkits.join(", ")} that is not connected.`}</p>
        <Link
          to={`/connections?toolkit=${encodeURIComponent(toolkits[0] ?? "")}`}
          className="text-accent underline"
        >
          Connect it
        </Link>
      </div>
    </div>
  );
}
