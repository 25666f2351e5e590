/** Chooses when a schedule is due: presets first, cron for whoever knows it. */
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { cronWords } from "./cronWords";
import { EVERY_MINUTES, type TimingChoice, type TimingKind } from "./timingChoice";

const KINDS: Record<TimingKind, string> = {
  minutes: "Every few minutes",
  hourly: "Every hour",
  daily: "Every day",
  weekdays: "Monday to Friday",
  weekly: "Every week",
  monthly: "Every month",
  interval: "After a fixed span",
  cron: "By a cron text",
};
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const UNITS = { 1: "seconds", 60: "minutes", 3600: "hours", 86400: "days" };

interface TimingFieldProps {
  value: TimingChoice;
  onChange: (value: TimingChoice) => void;
  error?: string | null | undefined;
}

/** The field. */
export function TimingField({ value, onChange, error }: TimingFieldProps) {
  const set = (some: Partial<TimingChoice>) => onChange({ ...value, ...some });
  return (
    <fieldset className="flex flex-col gap-2 rounded-lg border border-line p-3">
      <legend className="px-1 font-medium text-sm">When</legend>
      <Field label="How often" error={error}>
        {(parts) => (
          <Select
            {...parts}
            value={value.kind}
            onChange={(kind) => set({ kind: kind as TimingKind })}
            options={Object.entries(KINDS).map(([kind, label]) => ({ value: kind, label }))}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Details value={value} set={set} />
      </div>
    </fieldset>
  );
}

interface DetailsProps {
  value: TimingChoice;
  set: (some: Partial<TimingChoice>) => void;
}

function Details({ value, set }: DetailsProps) {
  switch (value.kind) {
    case "minutes":
      return (
        <Field label="Every">
          {(parts) => (
            <Select
              {...parts}
              value={String(value.every)}
              onChange={(every) => set({ every: Number(every) })}
              options={EVERY_MINUTES.map((count) => ({
                value: String(count),
                label: count === 1 ? "minute" : `${count} minutes`,
              }))}
            />
          )}
        </Field>
      );
    case "hourly":
      return (
        <Field label="At minute">
          {(parts) => (
            <TextInput
              {...parts}
              type="number"
              min={0}
              max={59}
              value={value.minute}
              onChange={(event) => set({ minute: bounded(event.target.value, 0, 59) })}
            />
          )}
        </Field>
      );
    case "interval":
      return <Interval value={value} set={set} />;
    case "cron":
      return (
        <Field
          label="Cron text"
          help={cronWords(value.cron) ?? "Minute, hour, day of month, month, day of week."}
        >
          {(parts) => (
            <TextInput
              {...parts}
              className="font-mono"
              spellCheck={false}
              maxLength={200}
              value={value.cron}
              onChange={(event) => set({ cron: event.target.value })}
            />
          )}
        </Field>
      );
    default:
      return (
        <>
          {value.kind === "weekly" && (
            <Field label="On">
              {(parts) => (
                <Select
                  {...parts}
                  value={String(value.weekday)}
                  onChange={(weekday) => set({ weekday: Number(weekday) })}
                  options={DAYS.map((label, day) => ({ value: String(day), label }))}
                />
              )}
            </Field>
          )}
          {value.kind === "monthly" && <DayOfMonth value={value} set={set} />}
          <Field label="At">
            {(parts) => (
              <TextInput
                {...parts}
                type="time"
                required
                value={value.time}
                onChange={(event) => event.target.value && set({ time: event.target.value })}
              />
            )}
          </Field>
        </>
      );
  }
}

function DayOfMonth({ value, set }: DetailsProps) {
  const days = Array.from({ length: 31 }, (_, index) => String(index + 1));
  return (
    <Field
      label="On day"
      help={value.day > 28 ? "Months without that day are left out." : undefined}
    >
      {(parts) => (
        <Select
          {...parts}
          value={String(value.day)}
          onChange={(day) => set({ day: Number(day) })}
          options={[
            ...days.map((day) => ({ value: day, label: day })),
            { value: "0", label: "the last" },
          ]}
        />
      )}
    </Field>
  );
}

function Interval({ value, set }: DetailsProps) {
  const sizes = Object.keys(UNITS).map(Number);
  const size = sizes.findLast((length) => value.seconds % length === 0) ?? 1;
  return (
    <>
      <Field label="Every">
        {(parts) => (
          <TextInput
            {...parts}
            type="number"
            min={1}
            value={value.seconds / size}
            onChange={(event) => set({ seconds: bounded(event.target.value, 1, 10_000) * size })}
          />
        )}
      </Field>
      <Field label="Unit">
        {(parts) => (
          <Select
            {...parts}
            value={String(size)}
            onChange={(unit) => set({ seconds: (value.seconds / size) * Number(unit) })}
            options={Object.entries(UNITS).map(([unit, label]) => ({ value: unit, label }))}
          />
        )}
      </Field>
    </>
  );
}

function bounded(text: string, least: number, most: number): number {
  const number = Math.round(Number(text));
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : least;
}
