/** What the inbox shows, and in which order. */
import { describe, expect, it } from "vitest";
import type { WaitingRow } from "@/api/inbox";
import { FILTERS, idOf, shownRows, taskOf, workflowsOf } from "./inboxFilters";
import { closedSentence } from "./inboxWords";

const NOW = Date.parse("2026-11-20T12:00:00Z");

function row(id: string, since: string, more: Partial<WaitingRow> = {}): WaitingRow {
  return {
    id,
    kind: "approval",
    execution: "e",
    root: "e",
    workflow: "mail",
    workflow_name: "Send mail",
    step_id: "ask",
    key: "ask",
    step_name: "Ask",
    title: "May I?",
    form: null,
    payload: null,
    event: null,
    labels: [],
    since: `2026-11-20T${since}:00Z`,
    deadline_at: null,
    task: null,
    ...more,
  };
}

const ROWS = [
  row("new", "11:50"),
  row("old", "09:00"),
  row("due", "11:00", { deadline_at: "2026-11-20T15:00:00Z" }),
  row("sooner", "11:00", {
    deadline_at: "2026-11-20T13:00:00Z",
    workflow: "buy",
    workflow_name: "Buy",
  }),
  row("event", "08:00", { kind: "event", event: "paid" }),
];
const ids = (some: Partial<typeof FILTERS>) =>
  shownRows(ROWS, { ...FILTERS, ...some }, NOW).map(({ id }) => id);

describe("the inbox", () => {
  it("puts first what is due first, then what waits longest", () => {
    expect(ids({})).toEqual(["sooner", "due", "old", "new"]);
  });

  it("sorts by age where that is asked for", () => {
    expect(ids({ sort: "newest" })).toEqual(["new", "due", "sooner", "old"]);
    expect(ids({ sort: "oldest" })[0]).toBe("old");
  });

  it("shows events only where they are asked for", () => {
    expect(ids({ kind: "event" })).toEqual(["event"]);
    expect(ids({ kind: "approval" })).not.toContain("event");
  });

  it("leaves out what is too young, and other workflows", () => {
    expect(ids({ age: "1h" })).toEqual(["sooner", "due", "old"]);
    expect(ids({ workflow: "buy" })).toEqual(["sooner"]);
  });

  it("names each workflow once, by name", () => {
    expect(workflowsOf(ROWS)).toEqual([
      { value: "buy", label: "Buy" },
      { value: "mail", label: "Send mail" },
    ]);
  });

  it("is linked to by the number of a question or by any id", () => {
    expect(idOf("12")).toBe("approval:12");
    expect(idOf("step:9")).toBe("step:9");
    expect(taskOf("approval:12")).toBe(12);
    expect(taskOf("step:9")).toBeNull();
  });

  it("says why nobody can answer any more", () => {
    const closed = (status: "open" | "answered" | "expired" | "withdrawn", answered_by = "") =>
      closedSentence({ status, answered_by }, true);

    expect(closed("open")).toBeNull();
    expect(closed("answered", "grace")).toBe("grace has answered this meanwhile.");
    expect(closed("expired")).toContain("deadline");
    expect(closed("withdrawn")).toContain("cancelled");
    expect(closedSentence(undefined, false)).toBeNull();
    expect(closedSentence(undefined, true)).not.toBeNull();
  });
});
