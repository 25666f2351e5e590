/** Names of time zones, and how moments look on their clocks. */

/** Returns the zone of this browser. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Returns the zones to choose from; `current` and the browser's own are always among them. */
export function zoneNames(current: string): string[] {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set(["UTC", ownZone(), current, ...known])].filter(Boolean);
}

/** Returns a moment as a clock showed it, from its text with an offset: "Fri 29 Mar 2026, 03:00". */
export function clockText(local: string): string {
  // The text's own clock is what counts, not the one of whoever reads it.
  const clock = Date.parse(`${local.slice(0, 19)}Z`);
  if (Number.isNaN(clock)) return local;
  return new Date(clock).toLocaleString("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(local.slice(17, 19) === "00" ? {} : { second: "2-digit" }),
  });
}
