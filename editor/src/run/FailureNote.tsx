/** What went wrong, the message first; then what can be done, the cause, and the details folded. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { JsonTree } from "@/ui/JsonTree";
import { adviceFor } from "./advice";

export interface ToldFailure {
  name?: string;
  message?: string;
  code?: string;
  details?: Record<string, unknown>;
  cause?: ToldFailure;
}

interface FailureNoteProps {
  error: unknown;
  /** Where it happened. */
  where?: ReactNode;
  /** Leaves out the details. */
  short?: boolean;
  /** What can be done about it. */
  actions?: ReactNode;
}

/** The note of a failure. */
export function FailureNote({ error, where, short = false, actions }: FailureNoteProps) {
  const failure = (typeof error === "object" && error !== null ? error : {}) as ToldFailure;
  const details = failure.details ?? {};
  return (
    <div className="rounded-md border border-danger/50 bg-danger-soft p-3 text-sm">
      <div className="flex gap-2">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        <div className="min-w-0 flex-1">
          {where && <div className="font-medium">{where}</div>}
          <p className="whitespace-pre-wrap break-words text-danger">
            {failure.message || failure.name || "It failed without saying why."}
          </p>
          {failure.cause && <Causes cause={failure.cause} />}
          <p className="mt-1.5">
            <span className="font-medium">What you can do: </span>
            {adviceFor(failure)}
          </p>
          {!short && (
            <details className="mt-1.5">
              <summary className="cursor-pointer text-muted text-xs">
                {[failure.name, failure.code].filter(Boolean).join(" · ") || "Details"}
              </summary>
              <JsonTree value={details} open={2} />
            </details>
          )}
          {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
        </div>
      </div>
    </div>
  );
}

function Causes({ cause }: { cause: ToldFailure }) {
  return (
    <div className="mt-1 border-danger/40 border-l-2 pl-2">
      <span className="text-muted text-xs">Caused by </span>
      <span className="break-words">{cause.message || cause.name}</span>
      {cause.cause && <Causes cause={cause.cause} />}
    </div>
  );
}
