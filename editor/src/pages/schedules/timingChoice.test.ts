/** Between what is chosen of a schedule and what is saved. */
import { describe, expect, it } from "vitest";
import { BEGINNING, choiceOf, timingOf } from "./timingChoice";

describe("what a schedule is chosen to be", () => {
  it.each([
    ["* * * * *", "minutes"],
    ["*/15 * * * *", "minutes"],
    ["30 * * * *", "hourly"],
    ["5 9 * * *", "daily"],
    ["0 17 * * MON-FRI", "weekdays"],
    ["0 17 * * 3", "weekly"],
    ["0 9 31 * *", "monthly"],
    ["0 9 L * *", "monthly"],
    ["0 9 * 1 *", "cron"],
    ["*/7 * * * *", "cron"],
    ["0 0 9 * * *", "cron"],
    ["0 9 * * MON", "cron"],
    ["nonsense", "cron"],
  ])("%s opens as %s and is saved as it was", (cron, kind) => {
    const choice = choiceOf(cron, null);

    expect(choice.kind).toBe(kind);
    expect(timingOf(choice)).toEqual({ cron, interval: null });
  });

  it("keeps an interval", () => {
    expect(timingOf(choiceOf(null, 5_400))).toEqual({ cron: null, interval: 5_400 });
  });

  it("writes what was chosen", () => {
    expect(timingOf({ ...BEGINNING, kind: "weekly", weekday: 5, time: "07:45" }).cron).toBe(
      "45 7 * * 5",
    );
    expect(timingOf({ ...BEGINNING, kind: "monthly", day: 0 }).cron).toBe("0 9 L * *");
  });
});
