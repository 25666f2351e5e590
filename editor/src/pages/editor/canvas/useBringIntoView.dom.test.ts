/** How much of a step has to be in view for it to count as seen. */
import { expect, test } from "vitest";
import { isSeen } from "./useBringIntoView";

test.each([
  // Fractions as zooming makes them: the sum of the parts is not quite the whole.
  [{ from: 665.0285034179688, size: 40.880859375, room: 755, enough: 48 }, true],
  [{ from: -30, size: 40, room: 755, enough: 48 }, false],
  [{ from: 730, size: 200, room: 755, enough: 48 }, false],
  [{ from: 650, size: 200, room: 755, enough: 48 }, true],
  [{ from: 650, size: 200, room: 755, enough: Number.POSITIVE_INFINITY }, false],
])("%j is seen: %s", (extent, seen) => {
  expect(isSeen(extent)).toBe(seen);
});
