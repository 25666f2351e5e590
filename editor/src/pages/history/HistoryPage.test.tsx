/** The history: filters in the address, rows that stay where they are, commands to many. */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { type Asked, pageOf, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import HistoryPage from ".";

const execution = (id: string, status: string, at = "10") => ({
  id,
  status,
  workflow: "mail",
  workflow_name: "Send mail",
  version: 2,
  stopping: "",
  trigger: "api",
  owner: "ada",
  created_at: `2026-11-20T12:00:${at}Z`,
  started_at: `2026-11-20T12:00:${at}Z`,
  ended_at: `2026-11-20T12:01:${at}Z`,
});

const STATS = {
  created_after: "2026-11-20T00:00:00Z",
  created_before: "2026-11-20T13:00:00Z",
  total: 42,
  by_status: { failed: 42 },
  success_rate: 0.9997,
  p50_seconds: 1.5,
  p95_seconds: 75,
  running: 0,
  days: [],
  limit: 100_000,
  limit_reached: false,
  counted_from: null,
};

function site(more: Record<string, unknown> = {}) {
  return serve({
    "GET /api/executions/": pageOf(execution("e2", "failed", "20"), execution("e1", "completed")),
    "GET /api/executions/stats/": STATS,
    "GET /api/workflows/": pageOf({ id: "mail", name: "Send mail" }),
    ...more,
  });
}

const lists = (log: Asked[]) => log.filter(({ path }) => path === "/api/executions/");
const bulks = (log: Asked[]) =>
  log.filter(({ path, method }) => path === "/api/executions/bulk/" && method === "POST");

describe("the history", () => {
  it("asks for what the address says, and shows it", async () => {
    const log = site();

    renderPage(<HistoryPage />, "/executions?status=failed,cancelled&workflow=mail&trigger=api");

    expect(await screen.findByRole("heading", { name: "Executions of Send mail" })).toBeTruthy();
    expect(lists(log)[0]?.query).toEqual({
      status: "failed,cancelled",
      workflow: "mail",
      trigger: "api",
    });
    expect(screen.getByRole("button", { name: "Status: Failed, Cancelled" })).toBeTruthy();
  });

  it("puts what is chosen into the address, and leaves the page of the list", async () => {
    site();
    const { router } = renderPage(<HistoryPage />, "/executions?cursor=abc");

    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Time" }), "24h");

    expect(router.state.location.search).toBe("?period=24h");
  });

  it("calls cancelled what was, and cancelling only what still goes on", async () => {
    const stopped = (id: string, status: string) => ({
      ...execution(id, status),
      stopping: "cancel",
    });
    site({ "GET /api/executions/": pageOf(stopped("e2", "running"), stopped("e1", "cancelled")) });

    renderPage(<HistoryPage />, "/executions");

    expect(await screen.findByText("Cancelling")).toBeTruthy();
    expect(within(screen.getByRole("table")).getAllByText("Cancelled")).toHaveLength(1);
  });

  it("never calls it all a success where something failed", async () => {
    site();

    renderPage(<HistoryPage />, "/executions");

    expect(await screen.findByText("99.9 %")).toBeTruthy();
    expect(screen.getByText("1 min 15 s")).toBeTruthy();
  });

  it("lets nothing jump under the pointer, and says how many are new", async () => {
    const rows = [execution("e1", "completed")];
    site({ "GET /api/executions/": () => pageOf(...rows) });
    const { client } = renderPage(<HistoryPage />, "/executions");
    const table = await screen.findByRole("table", { name: "Executions" });

    fireEvent.pointerEnter(table.parentElement as HTMLElement);
    rows.unshift(execution("e3", "running", "30"));
    await act(() => client.invalidateQueries({ queryKey: ["executions", "list"] }));

    const bar = await screen.findByRole("button", { name: "1 new execution" });
    expect(screen.queryByText("e3")).toBeNull();
    await userEvent.click(bar);
    expect(await screen.findByText("e3")).toBeTruthy();
  });

  it("cancels all that fit the filter, after saying what that comes to", async () => {
    const bulk = {
      id: 7,
      action: "cancel",
      total: 12,
      done: 4,
      failed: 0,
      not_applicable: 0,
      errors: [],
    };
    const log = site({
      "POST /api/executions/bulk/": ({ body }: Asked) =>
        (body as { dry_run?: boolean }).dry_run
          ? {
              would: 12,
              not_applicable: 30,
              by_status: { running: 12, failed: 30 },
              sample: [],
              limit: 10_000,
              too_many: false,
            }
          : { ...bulk, status: "running" },
      "GET /api/executions/bulk/7/": {
        ...bulk,
        status: "completed",
        done: 11,
        failed: 1,
        errors: [{ execution_id: "e9", code: "command.not_applicable", message: "it has ended" }],
      },
    });
    renderPage(<HistoryPage />, "/executions?q=mail");

    await userEvent.click(await screen.findByRole("checkbox", { name: "Select all on this page" }));
    await userEvent.click(screen.getByRole("button", { name: "Choose all 42 that fit" }));
    await userEvent.click(screen.getByRole("button", { name: "Cancel…" }));
    const dialog = await screen.findByRole("dialog");
    await within(dialog).findByText(/This would cancel 12 executions; 30 do not apply/);
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Why" }), "wrong input");
    await userEvent.click(within(dialog).getByRole("button", { name: "Cancel 12" }));

    await within(dialog).findByText(/Done: 11 cancelled, 1 failed/);
    expect(within(dialog).getByText("it has ended")).toBeTruthy();
    expect(bulks(log).map(({ body }) => body)).toEqual([
      { action: "cancel", filter: { q: "mail" }, dry_run: true },
      { action: "cancel", filter: { q: "mail" }, reason: "wrong input" },
    ]);
    await waitFor(() =>
      expect(screen.queryByRole("region", { name: "Chosen executions" })).toBeNull(),
    );
  });

  it("sends nothing where a command fits none", async () => {
    const log = site({
      "POST /api/executions/bulk/": {
        would: 0,
        not_applicable: 1,
        by_status: { completed: 1 },
        limit: 10_000,
        too_many: false,
      },
    });
    renderPage(<HistoryPage />, "/executions");

    await userEvent.click(await screen.findByRole("checkbox", { name: "Select Send mail e1" }));
    await userEvent.click(screen.getByRole("button", { name: "Retry…" }));
    await screen.findByText(/There is nothing to retry/);
    await userEvent.click(screen.getByRole("button", { name: "Retry 0" }));

    expect(bulks(log)).toHaveLength(1);
  });
});
