/** What a search for a step finds, and in which order. */
import { expect, test } from "vitest";
import { fits } from "./fits";

test("what begins with it comes before what contains it, and letters must stand together", () => {
  const call = fits("tool:http.request", "http", ["HTTP request", "Calls an address"]);
  const told = fits("tool:log", "http", ["Log", "Says what http answered"]);
  const other = fits("control:approval", "http", [
    "Approval",
    "Asks a person with a form, the best",
  ]);

  expect(call).toBeGreaterThan(told);
  expect(told).toBeGreaterThan(0);
  expect(other).toBe(0);
});

test("every word has to be found, in any order", () => {
  expect(fits("x", "event wait", ["Wait for an event"])).toBeGreaterThan(0);
  expect(fits("x", "event sleep", ["Wait for an event"])).toBe(0);
});
