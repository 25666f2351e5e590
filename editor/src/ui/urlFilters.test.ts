/** Filters in the address, there and back. */
import { describe, expect, it } from "vitest";
import { readFilters, writeFilters } from "./urlFilters";

const DEFAULTS = { q: "", status: [] as string[], sort: "updated", cursor: "" };
const CHOICES = { status: ["failed", "cancelled"], sort: ["updated", "name"] };

describe("filters in the address", () => {
  it("come back as they were written", () => {
    const filters = {
      q: "two words & more",
      status: ["failed", "cancelled"],
      sort: "name",
      cursor: "c=1",
    };

    const written = writeFilters(new URLSearchParams(), filters, DEFAULTS).toString();

    expect(readFilters(new URLSearchParams(written), DEFAULTS, CHOICES)).toEqual(filters);
  });

  it("leave out what is as it is by default", () => {
    const params = new URLSearchParams("q=old&status=failed&sort=name");

    expect(writeFilters(params, DEFAULTS, DEFAULTS).toString()).toBe("");
  });

  it("leave parameters of other things alone", () => {
    const params = new URLSearchParams("new=sample");

    expect(writeFilters(params, { ...DEFAULTS, q: "x" }, DEFAULTS).toString()).toBe(
      "new=sample&q=x",
    );
  });

  it("read what is not allowed as the default", () => {
    const params = new URLSearchParams("status=failed,exploded,&sort=size");

    expect(readFilters(params, DEFAULTS, CHOICES)).toEqual({ ...DEFAULTS, status: ["failed"] });
  });
});
