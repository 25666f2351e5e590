/** What few schedules need to say: missed times, overlap, first and last moment, spread. */
import type { Overlap } from "@/api/schedules";
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { MomentInput } from "@/ui/MomentInput";
import { OVERLAP_WORDS, type ScheduleDraft } from "./scheduleDraft";

interface MoreSettingsProps {
  draft: ScheduleDraft;
  set: (some: Partial<ScheduleDraft>) => void;
}

/** The settings, folded. */
export function MoreSettings({ draft, set }: MoreSettingsProps) {
  return (
    <details className="rounded-lg border border-line p-3">
      <summary className="cursor-pointer font-medium text-sm">More settings</summary>
      <div className="mt-3 flex flex-col gap-3">
        <Field label="While an earlier one still runs">
          {(parts) => (
            <Select
              {...parts}
              value={draft.overlap}
              onChange={(overlap) => set({ overlap: overlap as Overlap })}
              options={Object.entries(OVERLAP_WORDS).map(([value, label]) => ({ value, label }))}
            />
          )}
        </Field>
        <Field label="Times that were missed" help="As after the site was down.">
          {(parts) => (
            <Select
              {...parts}
              value={draft.catchUp}
              onChange={(catchUp) => set({ catchUp: catchUp as ScheduleDraft["catchUp"] })}
              options={[
                { value: "last", label: "Make up for the last one" },
                { value: "some", label: "Make up for several" },
                { value: "none", label: "Leave them out" },
              ]}
            />
          )}
        </Field>
        {draft.catchUp === "some" && (
          <Field label="At most">
            {(parts) => (
              <TextInput
                {...parts}
                type="number"
                min={1}
                value={draft.missed}
                onChange={(event) =>
                  set({ missed: Math.max(1, Math.round(Number(event.target.value)) || 1) })
                }
              />
            )}
          </Field>
        )}
        <Field label="Not before">
          {(parts) => (
            <MomentInput
              {...parts}
              value={draft.startsAt}
              onChange={(startsAt) => set({ startsAt })}
            />
          )}
        </Field>
        <Field label="Until">
          {(parts) => (
            <MomentInput {...parts} value={draft.endsAt} onChange={(endsAt) => set({ endsAt })} />
          )}
        </Field>
        <Field label="Spread (seconds)" help="Each start is late by up to so much, 3600 at most.">
          {(parts) => (
            <TextInput
              {...parts}
              type="number"
              min={0}
              max={3600}
              value={draft.jitter}
              onChange={(event) =>
                set({
                  jitter: Math.min(3600, Math.max(0, Math.round(Number(event.target.value)) || 0)),
                })
              }
            />
          )}
        </Field>
      </div>
    </details>
  );
}
