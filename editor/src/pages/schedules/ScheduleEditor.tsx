/** Makes a schedule, or changes one: when, of what, with which input. */
import { useEffect, useState } from "react";
import { ApiError } from "@/api/errors";
import { type ScheduleRecord, useSaveSchedule, useSchedule } from "@/api/schedules";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/inputs";
import { ErrorState, messageOf, Skeleton } from "@/ui/placeholders";
import { useToast } from "@/ui/Toast";
import { MoreSettings } from "./MoreSettings";
import { NextSlots } from "./NextSlots";
import { ScheduleInput } from "./ScheduleInput";
import { bodyOf, draftOf, newDraft, type ScheduleDraft } from "./scheduleDraft";
import { TimingField } from "./TimingField";
import { timingOf } from "./timingChoice";
import { WorkflowField } from "./WorkflowField";
import { ownZone, zoneNames } from "./zones";

interface ScheduleEditorProps {
  /** The schedule to change; `null` makes a new one. */
  id: string | null;
  /** Of a new one: the workflow that is chosen from the start. */
  workflow: string;
  onClose: () => void;
}

/** The panel; shown as long as it is rendered. */
export function ScheduleEditor({ id, workflow, onClose }: ScheduleEditorProps) {
  const stored = useSchedule(id);
  if (id === null) return <Editor record={null} workflow={workflow} onClose={onClose} />;
  if (stored.data) return <Editor record={stored.data} workflow="" onClose={onClose} />;
  return (
    <Dialog open side onOpenChange={(open) => open || onClose()} title="Change the schedule">
      {stored.error ? (
        <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Dialog>
  );
}

interface EditorProps {
  record: ScheduleRecord | null;
  workflow: string;
  onClose: () => void;
}

function Editor({ record, workflow, onClose }: EditorProps) {
  const [draft, setDraft] = useState<ScheduleDraft>(() =>
    record ? draftOf(record) : newDraft(workflow, ownZone()),
  );
  const [isBroken, setBroken] = useState(false);
  const save = useSaveSchedule(record?.id ?? null);
  const toast = useToast();
  const set = (some: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...some }));
  const wrong = fieldOf(save.error);
  const submit = () =>
    save.mutate(bodyOf(draft, record === null), {
      onSuccess: () => {
        toast({ title: record ? "The schedule is changed" : "The schedule is made" });
        onClose();
      },
    });
  return (
    <Dialog
      open
      side
      onOpenChange={(open) => open || onClose()}
      title={record ? `Schedule of ${record.workflow_name}` : "New schedule"}
      footer={
        <>
          <Button onClick={onClose}>Back</Button>
          <Button
            look="primary"
            busy={save.isPending}
            disabledReason={
              !draft.workflow
                ? "Choose a workflow first"
                : isBroken
                  ? "Mend the JSON in the input first"
                  : null
            }
            onClick={submit}
          >
            {record ? "Save" : "Create"}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.workflow && !isBroken && !save.isPending) submit();
        }}
      >
        {record === null && (
          <WorkflowField
            value={draft.workflow}
            onChange={(chosen) => set({ workflow: chosen, input: undefined })}
          />
        )}
        <TimingField
          value={draft.timing}
          onChange={(timing) => set({ timing })}
          error={wrong === "cron" || wrong === "interval" ? messageOf(save.error) : null}
        />
        <Field
          label="Time zone"
          help="Whose clock is read; when the clocks change, it goes with them."
          error={wrong === "timezone" ? messageOf(save.error) : null}
        >
          {(parts) => (
            <Select
              {...parts}
              value={draft.timezone}
              onChange={(timezone) => set({ timezone })}
              options={zoneNames(draft.timezone).map((zone) => ({ value: zone, label: zone }))}
            />
          )}
        </Field>
        <NextSlots
          timing={{
            ...timingOf(draft.timing),
            timezone: draft.timezone,
            starts_at: draft.startsAt || null,
            ends_at: draft.endsAt || null,
          }}
        />
        {draft.workflow && (
          <ScheduleInput
            key={draft.workflow}
            workflow={draft.workflow}
            value={draft.input}
            onChange={(input) => set({ input })}
            error={save.error}
            onBrokenChange={setBroken}
          />
        )}
        <MoreSettings draft={draft} set={set} />
        {save.error && <Refused error={save.error} />}
      </form>
    </Dialog>
  );
}

function Refused({ error }: { error: Error }) {
  // Below the fold of a long form nobody would see it.
  const [place, setPlace] = useState<HTMLElement | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: again for each refusal
  useEffect(() => place?.scrollIntoView?.({ block: "nearest" }), [place, error]);
  return (
    <p
      ref={setPlace}
      role="alert"
      className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm"
    >
      {messageOf(error)}
    </p>
  );
}

function fieldOf(error: unknown): string {
  return error instanceof ApiError && error.code === "schedule.invalid"
    ? String(error.details.field ?? "")
    : "";
}
