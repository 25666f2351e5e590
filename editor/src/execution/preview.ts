/** Telling a value from the beginning of one that is too large to travel.  Pure. */

import type { Preview } from "@/contracts/generated/events";

/** Whether `value` is the beginning of one that is too large to travel. */
export function isPreview(value: unknown): value is Preview {
  return (
    typeof value === "object" &&
    value !== null &&
    "preview" in value &&
    "truncated" in value &&
    value.truncated === true
  );
}
