/** Data given by hand for the test of one step. */
import { expect, test } from "vitest";
import { missingIn, sampleOf } from "./sampleOf";

test("what is given stands where the server looks for it", () => {
  const given = { "steps.fetch": { a: 1 }, "steps.my.id": null, inputs: {}, input: undefined };

  expect(sampleOf(given)).toEqual({ inputs: {}, steps: { fetch: { a: 1 }, "my.id": null } });
  expect(sampleOf({})).toBeUndefined();
});

test("a refusal names what is missing, others name nothing", () => {
  expect(missingIn({ details: { missing: ["steps.a", 3] } })).toEqual(["steps.a"]);
  expect(missingIn(new Error("no"))).toEqual([]);
});
