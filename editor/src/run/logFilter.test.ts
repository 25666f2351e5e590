/** Lines of a log: which are shown, each of them once. */
import { expect, test } from "vitest";
import type { LogLine } from "@/execution/view";
import { filterLog, lineOf, logText, mergeLog } from "./logFilter";

function line(seq: number, level: LogLine["level"] = "info", message = `line ${seq}`): LogLine {
  const nothing = { stepId: null, stepName: null, attempt: null, fields: {}, source: "" };
  return { seq, at: "2026-01-01T00:00:00Z", level, message, key: "fetch", ...nothing };
}

test("lines below the level are left out", () => {
  const lines = [line(1, "debug"), line(2, "warning"), line(3, "error")];

  expect(filterLog(lines, { level: "warning", text: "" }).map((it) => it.seq)).toEqual([2, 3]);
});

test("a search looks at messages and steps, whatever the case", () => {
  const lines = [line(1, "info", "Charged"), line(2, "info", "other")];

  expect(filterLog(lines, { level: "debug", text: "CHARGE" }).map((it) => it.seq)).toEqual([1]);
  expect(filterLog(lines, { level: "debug", text: "fetch" })).toHaveLength(2);
});

test("without a filter the list itself is answered", () => {
  const lines = [line(1)];

  expect(filterLog(lines, { level: "debug", text: " " })).toBe(lines);
});

test("a line that came by both ways stands once, in order", () => {
  const merged = mergeLog([line(1), line(3)], [line(2), line(3), line(4)]);

  expect(merged.map((it) => it.seq)).toEqual([1, 2, 3, 4]);
});

test("a file has a line for each", () => {
  expect(logText([line(1, "error", "no")])).toBe("2026-01-01T00:00:00Z ERROR    fetch no");
});

test("an event in a round names its run", () => {
  const told = lineOf({
    type: "log",
    execution_id: "e",
    seq: 1,
    at: "",
    level: "info",
    message: "",
    step_id: "price",
    path: ["each", 2, "price"],
    fields: {},
  });

  expect(told.key).toBe("price[2]");
});
