/** Commands to many executions, in words. */
import { describe, expect, it } from "vitest";
import { outcomeSentence, previewSentence, progressOf } from "./bulkWords";

const PREVIEW = {
  would: 12,
  not_applicable: 3,
  by_status: {},
  sample: [],
  limit: 10_000,
  too_many: false,
};
const BULK = {
  id: "b1",
  reason: "",
  created_at: "2026-11-20T12:00:00Z",
  ended_at: null,
  action: "retry" as const,
  status: "running" as const,
  total: 10,
  done: 4,
  failed: 1,
  not_applicable: 0,
  errors: [],
};

describe("a command to many, in words", () => {
  it("says what it would come to, and why some do not apply", () => {
    expect(previewSentence("cancel", PREVIEW)).toBe(
      "This would cancel 12 executions; 3 do not apply, since only what has not ended can be cancelled.",
    );
    expect(previewSentence("cancel", { ...PREVIEW, would: 1, not_applicable: 0 })).toBe(
      "This would cancel 1 execution.",
    );
    expect(previewSentence("cancel", { ...PREVIEW, would: 0, not_applicable: 1 })).toContain(
      "nothing to cancel",
    );
  });

  it("refuses too many with the number that goes", () => {
    expect(previewSentence("cancel", { ...PREVIEW, would: 12_345, too_many: true })).toContain(
      "10,000 is the most",
    );
  });

  it("says what came of it", () => {
    expect(outcomeSentence(BULK)).toBe("4 sent on again, 1 failed");
    expect(progressOf(BULK)).toBe(0.5);
    expect(progressOf({ ...BULK, total: 0 })).toBe(1);
    expect(progressOf({ ...BULK, status: "completed" })).toBe(1);
  });
});
