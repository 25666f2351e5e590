/** From where a failed execution can be taken up again. */
import { expect, test } from "vitest";
import { type RetrySituation, retryChoices } from "./retryChoices";

const FAILED: RetrySituation = {
  status: "failed",
  stopping: "",
  failed: { key: "charge", name: "Charge" },
  selected: null,
  nested: false,
  test: false,
};

function reasonsOf(now: RetrySituation): Record<string, string | null> {
  const all = Object.values(retryChoices(now)).flat();
  return Object.fromEntries(all.map((it) => [it.id, it.disabledReason]));
}

test("what failed can be retried from the failed step, and as a whole", () => {
  const reasons = reasonsOf(FAILED);

  expect(reasons.failed).toBeNull();
  expect(reasons.whole).toBeNull();
  expect(reasons["whole-latest"]).toBeNull();
});

test("from here on needs a step, and says so", () => {
  expect(reasonsOf(FAILED).here).toBe("Select a step first");
});

test("what goes on cannot go back to a step", () => {
  const selected = { key: "a", stepId: "a", name: "A", repeated: false };

  const reasons = reasonsOf({ ...FAILED, status: "running", failed: null, selected });

  expect(reasons.here).toMatch(/not ended/);
  expect(reasons.failed).toBe("It has not ended");
});

test("a round alone cannot be gone back to", () => {
  const selected = { key: "a[1]", stepId: "a", name: "A", repeated: true };

  expect(reasonsOf({ ...FAILED, selected }).here).toMatch(/round/);
});

test("a run whose time ran out is not retried in place", () => {
  expect(reasonsOf({ ...FAILED, stopping: "timeout" }).failed).toMatch(/time ran out/);
});

test("the newest version is asked for by name", () => {
  const latest = Object.values(retryChoices(FAILED))
    .flat()
    .find((it) => it.id === "whole-latest");

  expect(latest?.body).toEqual({ version: "latest" });
  expect(latest?.isNew).toBe(true);
});
