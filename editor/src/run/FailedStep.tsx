/** Why a run failed, right where one watches it, with what can be done: retry, or skip. */
import { RotateCcw, SkipForward } from "lucide-react";
import { Suspense, useState } from "react";
import type { DefinitionDoc } from "@/definition/document";
import { nodeIn } from "@/definition/everyNode";
import type { ExecutionView, StepView } from "@/execution/view";
import { Button } from "@/ui/Button";
import { SkipDialog } from "./dialogs";
import { FailureNote } from "./FailureNote";
import { roundText } from "./progress";
import type { Commands } from "./useCommands";

interface FailedStepProps {
  view: ExecutionView;
  definition: DefinitionDoc | undefined;
  commands: Commands;
  /** Shows the step in full. */
  onShow?: (key: string) => void;
}

/** The note; nothing unless the run has failed. */
export function FailedStep({ view, definition, commands, onShow }: FailedStepProps) {
  const [skipping, setSkipping] = useState(false);
  if (view.status !== "failed") return null;
  const step = failedStep(view.steps.values());
  const isTimeout = view.stopping === "timeout";
  return (
    <>
      <FailureNote
        short={step !== null}
        error={step?.error ?? view.error}
        where={step ? `“${step.name}”${roundText(step)} failed` : "It failed"}
        actions={
          <>
            {!isTimeout && view.path.length === 0 && (
              <Button
                small
                icon={RotateCcw}
                busy={commands.busy === "retry"}
                onClick={() => void commands.send("retry")}
              >
                Retry
              </Button>
            )}
            {step && !isTimeout && view.path.length === 0 && (
              <Button small icon={SkipForward} onClick={() => setSkipping(true)}>
                Skip…
              </Button>
            )}
            {step && onShow && (
              <Button small look="quiet" onClick={() => onShow(step.key)}>
                Show the step
              </Button>
            )}
          </>
        }
      />
      {skipping && step && (
        <Suspense>
          <SkipDialog
            step={step}
            node={nodeIn(definition ?? {}, step.stepId)}
            commands={commands}
            onClose={() => setSkipping(false)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Returns the run that failed first and that is to blame: the one deepest inside. */
export function failedStep(steps: Iterable<StepView>): StepView | null {
  const failed = [...steps].filter((step) => step.status === "failed" && !step.handled);
  const deepest = failed.filter((one) => !failed.some((other) => isInside(other, one)));
  return deepest.sort((left, right) => time(left) - time(right))[0] ?? null;
}

function isInside(inner: StepView, outer: StepView): boolean {
  return (
    inner.path.length > outer.path.length &&
    outer.path.every((part, index) => inner.path[index] === part)
  );
}

function time(step: StepView): number {
  return step.endedAt ? Date.parse(step.endedAt) : Number.POSITIVE_INFINITY;
}
