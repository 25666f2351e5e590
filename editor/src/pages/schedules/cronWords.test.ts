/** Cron texts and intervals in words. */
import { describe, expect, it } from "vitest";
import { cronWords, intervalWords, timingWords } from "./cronWords";

describe("cron texts in words", () => {
  it.each([
    ["* * * * *", "Every minute"],
    ["*/1 * * * *", "Every minute"],
    ["*/15 * * * *", "Every 15 minutes"],
    ["0 * * * *", "Every hour"],
    ["30 * * * *", "Every hour at minute 30"],
    ["0,30 * * * *", "Every hour at minute 0 and 30"],
    ["0 */6 * * *", "Every 6 hours"],
    ["15 */6 * * *", "Every 6 hours at minute 15"],
    ["0 9 * * *", "Every day at 09:00"],
    ["5 9,17 * * *", "Every day at 09:05 and 17:05"],
    ["0 9 * * MON-FRI", "Monday to Friday at 09:00"],
    ["0 9 * * 1-5", "Monday to Friday at 09:00"],
    ["0 9 * * mon,wed", "On Monday and Wednesday at 09:00"],
    ["0 9 * * 0", "On Sunday at 09:00"],
    ["0 9 * * 7", "On Sunday at 09:00"],
    ["0 9 1 * *", "On the 1st of the month at 09:00"],
    ["0 9 11,22,23 * *", "On the 11th, 22nd and 23rd of the month at 09:00"],
    ["0 9 L * *", "On the last day of the month at 09:00"],
    ["0 9 LW * *", "On the last weekday of the month at 09:00"],
    ["0 9 * * 5L", "On the last Friday of the month at 09:00"],
    ["0 9 * * MON#1", "On the 1st Monday of the month at 09:00"],
    ["0 9 1 JAN *", "On the 1st of the month at 09:00 in January"],
    ["0 9 13 * FRI", "On the 13th of the month or on Friday at 09:00"],
    ["*/10 9-17 * * 1-5", "Monday to Friday every 10 minutes from 09:00 to 17:50"],
  ])("%s", (cron, words) => {
    expect(cronWords(cron)).toBe(words);
  });

  it.each([
    // Not every 7 minutes: the hour's end cuts the last one short.
    "*/7 * * * *",
    "0 */5 * * *",
    "0 9 */2 * *",
    "0 9 * * FUNDAY",
    "61 9 * * *",
    "0 0 9 * * *",
    "nonsense",
    "",
  ])("says nothing of %j", (cron) => {
    expect(cronWords(cron)).toBeNull();
  });

  it("shows the text itself where there are no words", () => {
    expect(timingWords({ cron: "*/7 * * * *", interval: null })).toContain("*/7 * * * *");
  });

  it("names an interval in its largest unit", () => {
    expect(intervalWords(3_600)).toBe("Every hour");
    expect(intervalWords(5_400)).toBe("Every 90 minutes");
    expect(intervalWords(172_800)).toBe("Every 2 days");
    expect(intervalWords(45)).toBe("Every 45 seconds");
  });
});
