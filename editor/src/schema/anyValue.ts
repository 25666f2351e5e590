/** The schema of a value that may be anything, as people choose between kinds of values. */

import type { JsonSchema } from "@/contracts/json";

export const ANY_VALUE: JsonSchema = {
  anyOf: [
    { type: "string", title: "Text" },
    { type: "number", title: "Number" },
    { type: "boolean", title: "Yes or no", default: false },
    { title: "JSON" },
  ],
};
