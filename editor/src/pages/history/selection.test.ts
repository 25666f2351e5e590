/** Choosing executions one by one, by the page, and by the filter. */
import { describe, expect, it } from "vitest";
import { chosenOf, has, isNone, NONE, toggled, withPage } from "./selection";

const PAGE = ["a", "b", "c"];

describe("a choice of executions", () => {
  it("takes rows one by one", () => {
    const chosen = toggled(toggled(toggled(NONE, "a", PAGE), "b", PAGE), "a", PAGE);

    expect(chosenOf(chosen, {})).toEqual({ ids: ["b"] });
  });

  it("takes a page, and gives it back", () => {
    const chosen = withPage(NONE, PAGE, true);

    expect(has(chosen, "c")).toBe(true);
    expect(isNone(withPage(chosen, PAGE, false))).toBe(true);
  });

  it("stands for the filter once all are chosen", () => {
    expect(chosenOf({ kind: "all" }, { status: "failed" })).toEqual({
      filter: { status: "failed" },
    });
    expect(isNone({ kind: "all" })).toBe(false);
  });

  it("falls back to the page's other rows when one is taken out of all", () => {
    expect(chosenOf(toggled({ kind: "all" }, "b", PAGE), {})).toEqual({ ids: ["a", "c"] });
  });
});
