/** Files that workflows are exported to and imported from. */
import { describe, expect, it } from "vitest";
import { fileNameOf } from "./fileName";
import { parseDocument } from "./parseDocument";

describe("files of workflows", () => {
  it("have names that every system takes", () => {
    expect(fileNameOf("Größe: a/b\\c?")).toBe("gro-e-a-b-c.json");
    expect(fileNameOf("../../etc")).toBe("etc.json");
    expect(fileNameOf("漢字")).toBe("workflow.json");
  });

  it("are read with the mark that some editors put before them", () => {
    expect(parseDocument('\uFEFF{"name": 1}')).toEqual({ problem: null, document: { name: 1 } });
    expect(parseDocument("  ").problem).toBe("There is nothing in it");
  });
});
