/** Whether what one sees is live: a dot and a word. */
import type { Connection } from "@/execution/hooks";
import { classNames } from "@/ui/classNames";

const WORDS: Record<Connection["state"], [string, string]> = {
  connecting: ["Connecting", "bg-state-waiting"],
  live: ["Live", "bg-state-completed"],
  reconnecting: ["Reconnecting", "bg-state-waiting motion-safe:animate-pulse"],
  polling: ["Polling", "bg-state-waiting"],
  ended: ["Final", "bg-state-pending"],
  failed: ["Not connected", "bg-state-failed"],
};

/** The dot of a connection. */
export function ConnectionDot({ connection }: { connection: Connection }) {
  const [word, colour] = WORDS[connection.state];
  return (
    <span
      className="inline-flex items-center gap-1.5 text-muted text-xs"
      title={HELP[connection.state]}
    >
      <span aria-hidden className={classNames("size-2 rounded-full", colour)} />
      {word}
    </span>
  );
}

const HELP: Partial<Record<Connection["state"], string>> = {
  live: "Changes are shown as they happen",
  reconnecting: "The connection broke off; what you see may be old",
  polling: "No live connection; asked again every few seconds",
};

/** Whether clocks may tick: what is shown is the present. */
export function isCurrent(connection: Connection): boolean {
  return connection.state === "live" || connection.state === "polling";
}
