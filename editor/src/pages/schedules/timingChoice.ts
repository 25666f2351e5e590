/** When a schedule is due, as people choose it: presets, an interval, or a cron text; and back.
 * Pure. */

export type TimingKind =
  | "minutes"
  | "hourly"
  | "daily"
  | "weekdays"
  | "weekly"
  | "monthly"
  | "interval"
  | "cron";

export interface TimingChoice {
  kind: TimingKind;
  /** Of `minutes`: every so many. */
  every: number;
  /** Of `hourly`: the minute. */
  minute: number;
  /** "09:00". */
  time: string;
  /** 0 is Sunday. */
  weekday: number;
  /** 1 to 31; 0 is the last. */
  day: number;
  /** Of `interval`. */
  seconds: number;
  /** Of `cron`. */
  cron: string;
}

export const EVERY_MINUTES = [1, 2, 3, 5, 10, 15, 20, 30];

export const BEGINNING: TimingChoice = {
  kind: "daily",
  every: 15,
  minute: 0,
  time: "09:00",
  weekday: 1,
  day: 1,
  seconds: 3_600,
  cron: "0 9 * * *",
};

/** Returns the timing that the server takes. */
export function timingOf(choice: TimingChoice): { cron: string | null; interval: number | null } {
  if (choice.kind === "interval") return { cron: null, interval: choice.seconds };
  return { cron: cronOf(choice), interval: null };
}

/** Returns what was chosen, as far as it can be told from a timing. */
export function choiceOf(cron: string | null, interval: number | null): TimingChoice {
  if (cron === null) return { ...BEGINNING, kind: "interval", seconds: interval ?? 3_600 };
  const text = cron.trim();
  const found = presets(text).find((choice) => cronOf(choice) === text);
  return { ...(found ?? BEGINNING), kind: found?.kind ?? "cron", cron: text };
}

function cronOf({ kind, every, minute, time, weekday, day, cron }: TimingChoice): string {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const at = `${minutes} ${hours}`;
  switch (kind) {
    case "minutes":
      return every === 1 ? "* * * * *" : `*/${every} * * * *`;
    case "hourly":
      return `${minute} * * * *`;
    case "daily":
      return `${at} * * *`;
    case "weekdays":
      return `${at} * * MON-FRI`;
    case "weekly":
      return `${at} * * ${weekday}`;
    case "monthly":
      return `${at} ${day === 0 ? "L" : day} * *`;
    default:
      return cron.trim();
  }
}

/** Every preset with the numbers of `cron` filled in; at most one of them says the same. */
function presets(cron: string): TimingChoice[] {
  const [minute = "", hour = "", dayOfMonth = "", , dayOfWeek = ""] = cron.split(/\s+/);
  const step = Number(/^\*\/(\d+)$/.exec(minute)?.[1] ?? 1);
  const time = `${minute.padStart(2, "0")}:${hour.padStart(2, "0")}`.split(":").reverse().join(":");
  const some = { ...BEGINNING, cron, minute: Number(minute), time };
  const isTime = /^([01]?\d|2[0-3])$/.test(hour) && /^[0-5]?\d$/.test(minute);
  return [
    ...(EVERY_MINUTES.includes(step) ? [{ ...some, kind: "minutes" as const, every: step }] : []),
    ...(/^[0-5]?\d$/.test(minute) ? [{ ...some, kind: "hourly" as const }] : []),
    ...(isTime
      ? [
          { ...some, kind: "daily" as const },
          { ...some, kind: "weekdays" as const },
          { ...some, kind: "weekly" as const, weekday: Number(dayOfWeek) },
          {
            ...some,
            kind: "monthly" as const,
            day: dayOfMonth === "L" ? 0 : Number(dayOfMonth),
          },
        ]
      : []),
  ];
}
