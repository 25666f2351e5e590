/** From what is chosen to what the server is asked for. */
import { describe, expect, it } from "vitest";
import { FILTERS, filterOf, isNarrowed, queryOf, tableAddress } from "./historyFilters";

const NOW = Date.parse("2026-11-20T12:00:00Z");

describe("the query of the history", () => {
  it("asks for nothing where nothing is chosen", () => {
    expect(queryOf(FILTERS, NOW)).toEqual({});
    expect(isNarrowed(FILTERS)).toBe(false);
  });

  it("joins several states and triggers with commas", () => {
    const filters = { ...FILTERS, status: ["failed", "cancelled"], trigger: ["api", "schedule"] };

    expect(queryOf(filters, NOW)).toEqual({ status: "failed,cancelled", trigger: "api,schedule" });
  });

  it("counts a preset of time back from now", () => {
    expect(queryOf({ ...FILTERS, period: "24h" }, NOW)).toEqual({
      created_after: "2026-11-19T12:00:00.000Z",
    });
  });

  it("takes moments only where they are asked for, as this browser's clock means them", () => {
    const times = { from: "2026-11-01T08:00", to: "nonsense" };

    expect(queryOf({ ...FILTERS, ...times }, NOW)).toEqual({});
    expect(queryOf({ ...FILTERS, ...times, period: "custom" }, NOW)).toEqual({
      created_after: new Date("2026-11-01T08:00").toISOString(),
    });
  });

  it("does not ask for a version that is none", () => {
    expect(queryOf({ ...FILTERS, version: "2" }, NOW)).toEqual({ version: "2" });
    expect(queryOf({ ...FILTERS, version: "-1" }, NOW)).toEqual({});
    expect(queryOf({ ...FILTERS, version: "1e3" }, NOW)).toEqual({});
  });

  it("asks for the whole of what fits as a table, not for a page of it", () => {
    const filters = { ...FILTERS, q: "a&b", status: ["failed"], cursor: "abc" };

    expect(tableAddress(filters, NOW)).toBe("/api/executions/?format=csv&q=a%26b&status=failed");
  });

  it("has the place in the list, which the filter of a command has not", () => {
    const filters = { ...FILTERS, q: "mail", cursor: "abc" };

    expect(queryOf(filters, NOW)).toEqual({ q: "mail", cursor: "abc" });
    expect(filterOf(filters, NOW)).toEqual({ q: "mail" });
  });
});
