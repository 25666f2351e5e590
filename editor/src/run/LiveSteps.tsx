/** The steps of a running execution, each with icon, word, time and the beginning of its output. */
import { useMemo } from "react";
import type { StepView } from "@/execution/view";
import { classNames } from "@/ui/classNames";
import { StatusIcon } from "@/ui/StatusChip";
import { lookOf, STATE_CLASSES } from "@/ui/state";
import { Duration } from "@/ui/Time";
import { VirtualList } from "@/ui/VirtualList";
import { roundText } from "./progress";
import { valueLine } from "./valueLine";
import { isVisible } from "./visible";

interface LiveStepsProps {
  steps: ReadonlyMap<string, StepView>;
  /** Clocks stand still, as while the connection is lost. */
  still: boolean;
  onSelect?: ((key: string) => void) | undefined;
}

/** The list. */
export function LiveSteps({ steps, still, onSelect }: LiveStepsProps) {
  const shown = useMemo(() => [...steps.values()].filter(isVisible), [steps]);
  if (shown.length === 0) return <p className="p-4 text-muted text-sm">No step has begun.</p>;
  const busy = shown.findLastIndex((step) => step.status === "running");
  return (
    <VirtualList
      label="Steps"
      rows={shown}
      rowHeight={44}
      rowKey={(step) => step.key}
      {...(busy >= 0 ? { reveal: busy } : {})}
    >
      {(step) => <StepLine step={step} still={still} onSelect={onSelect} />}
    </VirtualList>
  );
}

interface StepLineProps {
  step: StepView;
  still: boolean;
  onSelect?: ((key: string) => void) | undefined;
}

function StepLine({ step, still, onSelect }: StepLineProps) {
  const look = lookOf(step.status);
  const preview = lineFor(step);
  return (
    <button
      type="button"
      onClick={() => onSelect?.(step.key)}
      className="flex w-full items-start gap-2 border-line border-b px-3 py-1.5 text-left text-sm hover:bg-hover"
    >
      <span className={classNames("mt-0.5 rounded-full border p-0.5", STATE_CLASSES[look.state])}>
        <StatusIcon status={step.status} className="size-3.5" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate">{step.name + roundText(step)}</span>
          <span className="ml-auto shrink-0 text-muted text-xs">
            {look.word}
            {step.attempt > 1 && ` · attempt ${step.attempt}`}
            {step.startedAt && (
              <>
                {" · "}
                <Duration from={step.startedAt} to={step.endedAt} still={still} />
              </>
            )}
          </span>
        </span>
        {preview && (
          <span
            className={classNames(
              "block truncate font-mono text-xs",
              step.error ? "text-danger" : "text-muted",
            )}
          >
            {preview}
          </span>
        )}
      </span>
    </button>
  );
}

/** What there is to see of a run at the moment: its failure, its output, the last it wrote. */
function lineFor(step: StepView): string {
  if (step.error) return step.error.message;
  if (step.progress) {
    const { completed, total } = step.progress;
    return total === null ? `${completed} rounds` : `${completed} of ${total} items`;
  }
  return valueLine(step.output) || valueLine(step.streamed.at(-1)?.output);
}
