/** Searching in a tree of values, and the paths it writes. */
import { describe, expect, test } from "vitest";
import { entriesOf, groupSize, pathKey, pathText, searchJson } from "./jsonSearch";

describe("paths", () => {
  test("are written as expressions write them", () => {
    expect(pathText(["lines", 0, "unit price", "net"])).toBe('lines[0]["unit price"].net');
  });
});

describe("a search", () => {
  const value = { order: { lines: [{ sku: "A-1" }, { sku: "b-2" }] }, note: "none" };

  test("finds leaves whatever their case, and opens what is around them", () => {
    const found = searchJson(value, "B-2");

    expect([...found.hits]).toEqual([pathKey(["order", "lines", 1, "sku"])]);
    expect(found.open.has(pathKey(["order", "lines"]))).toBe(true);
    expect(found.open.has(pathKey([]))).toBe(true);
  });

  test("finds keys", () => {
    expect(searchJson(value, "note").hits.has(pathKey(["note"]))).toBe(true);
  });

  test("stops after enough hits and says so", () => {
    const found = searchJson(
      Array.from({ length: 5_000 }, () => "same"),
      "same",
    );

    expect(found.cut).toBe(true);
    expect(found.hits.size).toBeLessThan(5_000);
  });
});

test("many entries are grouped so that no level has more than a few hundred", () => {
  expect(groupSize(150)).toBe(1);
  expect(groupSize(5_000)).toBe(100);
  expect(groupSize(5_000_000)).toBe(1_000_000);
});

test("places of a list are numbers", () => {
  expect(entriesOf(["a"])).toEqual([[0, "a"]]);
});
