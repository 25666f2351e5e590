/** A status by colour, icon and word together, so that none of them carries it alone. */
import { classNames } from "./classNames";
import { lookOf, STATE_CLASSES } from "./state";

interface StatusChipProps {
  status: string;
  /** In place of the status's own word. */
  word?: string;
  className?: string;
}

/** A chip that says how an execution or a step stands. */
export function StatusChip({ status, word, className }: StatusChipProps) {
  const look = lookOf(status);
  return (
    <span
      data-status={status}
      className={classNames(
        "inline-flex items-center gap-1 whitespace-nowrap rounded-full border px-2 py-0.5 font-medium text-xs",
        STATE_CLASSES[look.state],
        className,
      )}
    >
      <StatusIcon status={status} className="size-3.5" />
      {word ?? look.word}
    </span>
  );
}

/** The icon of a status, spinning while something is at work. */
export function StatusIcon({ status, className }: { status: string; className?: string }) {
  const { icon: Icon } = lookOf(status);
  const turns = status === "running" || status === "cancelling" || status === "stopping";
  return (
    <Icon aria-hidden className={classNames(className, turns && "motion-safe:animate-spin")} />
  );
}
