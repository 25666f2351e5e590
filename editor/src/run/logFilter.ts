/** Which lines of a log are shown, and how they look in a file.  Pure. */
import type { LogLevel, LogWritten, Path } from "@/contracts/generated/events";
import type { LogLine } from "@/execution/view";

export const LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error", "critical"];

export interface LogFilter {
  /** The least urgent level that is shown. */
  level: LogLevel;
  /** Part of the message, the step's name or its key; case does not matter. */
  text: string;
}

/** Returns the lines that pass `filter`. */
export function filterLog(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  const least = LEVELS.indexOf(filter.level);
  const text = filter.text.trim().toLowerCase();
  if (least <= 0 && !text) return lines;
  return lines.filter(
    (line) =>
      LEVELS.indexOf(line.level) >= least &&
      (!text ||
        [line.message, line.stepName, line.key].some((it) => it?.toLowerCase().includes(text))),
  );
}

/** Returns both lists in one, by number, each line once. */
export function mergeLog(
  earlier: readonly LogLine[],
  later: readonly LogLine[],
): readonly LogLine[] {
  if (earlier.length === 0) return later;
  if (later.length === 0) return earlier;
  const last = earlier.at(-1)?.seq ?? 0;
  const known = new Set(earlier.map((line) => line.seq));
  const added = later.filter((line) => !known.has(line.seq));
  if (added.every((line) => line.seq > last)) return [...earlier, ...added];
  return [...earlier, ...added].sort((left, right) => left.seq - right.seq);
}

/** Returns a line as events of the server tell it. */
export function lineOf(event: LogWritten): LogLine {
  const told = event as LogWritten & { step_name?: string };
  return {
    seq: event.seq,
    at: event.at,
    level: event.level,
    message: event.message,
    stepId: event.step_id ?? null,
    stepName: told.step_name ?? null,
    key: keyOfEvent(event),
    attempt: event.attempt ?? null,
    fields: event.fields,
    source: event.source ?? "",
  };
}

/** Returns the key of the run that an event tells of, or `null` if it is of none. */
export function keyOfEvent(event: {
  step_id?: string | undefined;
  path?: Path | undefined;
}): string | null {
  if (!event.step_id) return null;
  const rounds = (event.path ?? []).filter((part) => typeof part === "number");
  return event.step_id + rounds.map((round) => `[${round}]`).join("");
}

/** Returns the lines as text for a file, one a line. */
export function logText(lines: readonly LogLine[]): string {
  return lines
    .map(
      (line) =>
        `${line.at} ${line.level.toUpperCase().padEnd(8)} ${line.key ?? "-"} ${line.message}`,
    )
    .join("\n");
}
