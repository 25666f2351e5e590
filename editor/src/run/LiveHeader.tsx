/** The head of the live panel: how it stands, how far it is, for how long, and what can be done. */
import { ExternalLink, OctagonX, Pause, Play, X } from "lucide-react";
import { useNavigate } from "react-router";
import type { Connection } from "@/execution/hooks";
import type { ExecutionView } from "@/execution/view";
import { Button, IconButton } from "@/ui/Button";
import { StatusChip } from "@/ui/StatusChip";
import { Duration } from "@/ui/Time";
import { ConnectionDot, isCurrent } from "./ConnectionDot";
import { progressText } from "./progress";
import { hasEnded, shownStatus } from "./stopping";
import type { Commands } from "./useCommands";

interface LiveHeaderProps {
  view: ExecutionView;
  connection: Connection;
  /** Steps of the definition; `null` where it is not known. */
  total: number | null;
  commands: Commands;
  onDetach: () => void;
}

/** The head. */
export function LiveHeader({ view, connection, total, commands, onDetach }: LiveHeaderProps) {
  const navigate = useNavigate();
  const ended = hasEnded(view.status);
  return (
    <header className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5 border-line border-b px-3 py-2">
      <StatusChip status={shownStatus(view)} />
      <span className="text-sm tabular-nums">{progressText(view, total)}</span>
      <span className="text-muted text-sm">
        <Duration
          from={view.startedAt ?? view.createdAt}
          to={view.endedAt}
          still={!isCurrent(connection)}
        />
      </span>
      <ConnectionDot connection={connection} />
      <span className="flex-1" />
      {!ended && <Commanding view={view} commands={commands} />}
      <IconButton
        small
        icon={ExternalLink}
        label="Show all of this run"
        onClick={() => void navigate(`/executions/${view.id}`)}
      />
      <IconButton
        small
        icon={X}
        label={ended ? "Close" : "Detach: close this, the run goes on"}
        onClick={onDetach}
      />
    </header>
  );
}

/** Pause and cancel, as they fit. */
export function Commanding({ view, commands }: { view: ExecutionView; commands: Commands }) {
  const { busy, send } = commands;
  const stopping = view.stopping ? "It is stopping: what runs may finish" : null;
  return (
    <>
      {view.status === "paused" ? (
        <Button
          small
          icon={Play}
          busy={busy === "unpause"}
          disabledReason={stopping}
          onClick={() => void send("unpause")}
        >
          Go on
        </Button>
      ) : (
        <Button
          small
          icon={Pause}
          busy={busy === "pause"}
          disabledReason={stopping ?? (view.status === "pending" ? "It has not begun" : null)}
          onClick={() => void send("pause")}
        >
          Pause
        </Button>
      )}
      <Button
        small
        icon={OctagonX}
        busy={busy === "cancel"}
        disabledReason={stopping}
        onClick={() => void send("cancel")}
      >
        Cancel
      </Button>
    </>
  );
}
