/** Where new steps go, in words that people know the steps by. */
import { expect, test } from "vitest";
import { placeInWords } from "./inserting";

const BODY = { nodes: [], edges: [] };
const DOCUMENT = {
  name: "Route",
  nodes: [
    {
      id: "route",
      type: "branch",
      name: "Choose the teams",
      cases: [{ id: "billing", when: "true", body: BODY }],
    },
    { id: "again", type: "loop", name: "Try again", while: "true", body: BODY },
  ],
};

test("a graph is called by the step that holds it, and by its case", () => {
  expect(placeInWords(DOCUMENT, { scope: "route/billing" })).toBe("In Choose the teams: billing");
  expect(placeInWords(DOCUMENT, { scope: "again" })).toBe("In Try again");
});
