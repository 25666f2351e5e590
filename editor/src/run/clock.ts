/** The time of day in this browser's zone.  Pure but for the zone. */

/** Returns "14:03:27", with milliseconds where they matter. */
export function clockText(at: string | number, exact = true): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return exact ? `${time}.${String(date.getMilliseconds()).padStart(3, "0")}` : time;
}
