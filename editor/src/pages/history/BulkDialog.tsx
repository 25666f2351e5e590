/** A command to many executions: says first what it would come to, then how far it is, then what
 * went wrong. */
import { useState } from "react";
import { Link } from "react-router";
import {
  type Bulk,
  type BulkAction,
  type Chosen,
  useBulk,
  useBulkPreview,
  useStartBulk,
} from "@/api/executions";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { TextInput } from "@/ui/inputs";
import { ErrorState, messageOf, Skeleton } from "@/ui/placeholders";
import { StatusChip } from "@/ui/StatusChip";
import { ACTION_WORDS, outcomeSentence, previewSentence, progressOf } from "./bulkWords";

interface BulkDialogProps {
  action: BulkAction;
  chosen: Chosen;
  onClose: () => void;
  /** Called when it has begun: the choice has done its work. */
  onStarted: () => void;
}

/** The dialog; shown as long as it is rendered. */
export function BulkDialog({ action, chosen, onClose, onStarted }: BulkDialogProps) {
  // The question is about what was chosen when it was asked, whatever the page shows by now.
  const [asked] = useState(chosen);
  const [reason, setReason] = useState("");
  const preview = useBulkPreview(action, asked);
  const start = useStartBulk();
  const bulk = useBulk(start.data);
  const words = ACTION_WORDS[action];
  const would = preview.data && !preview.data.too_many ? preview.data.would : 0;
  const begin = () =>
    start.mutate(
      { action, ...asked, ...(reason.trim() ? { reason: reason.trim() } : {}) },
      { onSuccess: onStarted },
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={words.title}
      footer={
        start.data ? (
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Back</Button>
            <Button
              look={action === "retry" ? "primary" : "danger"}
              busy={start.isPending}
              disabledReason={would > 0 ? null : "There is nothing to do"}
              onClick={begin}
            >
              {`${words.verb.charAt(0).toUpperCase()}${words.verb.slice(1)} ${would}`}
            </Button>
          </>
        )
      }
    >
      {bulk.data ? (
        <Progress bulk={bulk.data} error={bulk.error} />
      ) : preview.error ? (
        <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
      ) : !preview.data ? (
        <Skeleton lines={3} />
      ) : (
        <div className="flex flex-col gap-3 text-sm">
          <p aria-live="polite" className="font-medium">
            {previewSentence(action, preview.data)}
          </p>
          <ul aria-label="Chosen, by status" className="flex flex-wrap gap-2">
            {Object.entries(preview.data.by_status).map(([status, count]) => (
              <li key={status} className="flex items-center gap-1">
                <StatusChip status={status} />
                <span className="tabular-nums">{count}</span>
              </li>
            ))}
          </ul>
          <p className="text-muted">{words.warning}</p>
          {action !== "delete" && (
            <Field label="Why" help="Kept in the history of each; may be empty.">
              {(parts) => (
                <TextInput
                  {...parts}
                  maxLength={500}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
          )}
          {start.error && (
            <p role="alert" className="text-danger">
              {messageOf(start.error)}
            </p>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Progress({ bulk, error }: { bulk: Bulk; error: unknown }) {
  const share = progressOf(bulk);
  return (
    <div className="flex flex-col gap-3 text-sm">
      <div
        role="progressbar"
        aria-label="How far it is"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        className="h-2 overflow-hidden rounded-full bg-hover"
      >
        <div
          className="h-full origin-left bg-accent transition-transform"
          style={{ transform: `scaleX(${share})` }}
        />
      </div>
      <p aria-live="polite" className="font-medium">
        {bulk.status === "completed" ? "Done: " : `${Math.round(share * 100)} %: `}
        {outcomeSentence(bulk)}
      </p>
      {bulk.status !== "completed" && (
        <p className="text-muted">You can close this; it goes on by itself.</p>
      )}
      {error !== null && error !== undefined && (
        <p role="alert" className="text-danger">
          {messageOf(error)}
        </p>
      )}
      {bulk.errors.length > 0 && (
        <section aria-label="What went wrong">
          <h3 className="font-medium">What went wrong</h3>
          <ul className="mt-1 flex flex-col gap-1">
            {bulk.errors.map((one) => (
              <li key={one.execution_id} className="rounded border border-line px-2 py-1">
                <Link
                  to={`/executions/${encodeURIComponent(one.execution_id)}`}
                  className="break-all font-mono text-accent text-xs underline"
                >
                  {one.execution_id}
                </Link>
                <p>{one.message}</p>
              </li>
            ))}
          </ul>
          {bulk.failed > bulk.errors.length && (
            <p className="text-muted text-xs">{`and ${bulk.failed - bulk.errors.length} more`}</p>
          )}
        </section>
      )}
    </div>
  );
}
