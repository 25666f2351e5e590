/** Moments and spans in words.  Pure: the present comes in as an argument. */

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
// In numbers: 37 hours from now are "in 1 day", but not tomorrow.
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** Returns `at` as seen from `now`, both in ms: "3 minutes ago", "in 2 hours". */
export function relativeTime(at: number, now: number): string {
  const seconds = (at - now) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return Math.abs(seconds) < 5 ? "just now" : RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** Returns the moment `at` (ISO text) with date, time and zone, as this browser's user writes it. */
export function absoluteTime(at: string, timeZone?: string): string {
  return new Date(at).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "long",
    ...(timeZone ? { timeZone } : {}),
  });
}

/** Returns a span of milliseconds in few letters: "350 ms", "2.4 s", "3 min 12 s", "2 h 5 min". */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3_600), "h"],
    [Math.floor((whole % 3_600) / 60), "min"],
    [whole % 60, "s"],
  ]
    .filter(([count]) => count)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** Returns a size in few letters: "812 B", "64 kB", "2.3 MB". */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
