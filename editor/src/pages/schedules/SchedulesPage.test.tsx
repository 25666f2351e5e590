/** Schedules: made, looked at and saved with the next times in view. */
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { type Asked, pageOf, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import SchedulesPage from ".";

const SCHEDULE = {
  id: "s1",
  workflow: "mail",
  workflow_name: "Send mail",
  source: "user",
  cron: "0 9 * * MON-FRI",
  interval: null,
  timezone: "Europe/Berlin",
  starts_at: null,
  ends_at: null,
  jitter: 5,
  catch_up: 3,
  overlap: "queue",
  paused: false,
  paused_at: null,
  paused_by: "",
  next_slot_at: "2026-11-23T08:00:00Z",
  next_fire_at: "2026-11-23T08:00:00Z",
  owner: "ada",
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
};
const PREFLIGHT = {
  can_run: true,
  reasons: [],
  input_schema: {
    type: "object",
    properties: { name: { type: "string", title: "Name", default: "Ada" } },
  },
  missing_connections: [],
};

function site(more: Record<string, unknown> = {}) {
  return serve({
    "GET /api/schedules/": pageOf(SCHEDULE),
    "GET /api/schedules/s1/": {
      ...SCHEDULE,
      input: { name: "Grace" },
      runtime_context: {},
      initial_state: {},
      next_fires: [],
    },
    "GET /api/schedules/s1/fires/": pageOf(
      {
        slot: "2026-11-20T08:00:00Z",
        outcome: "started",
        reason: "",
        execution: "x1",
        fired_at: "2026-11-20T08:00:00Z",
      },
      {
        slot: "2026-11-19T08:00:00Z",
        outcome: "skipped",
        reason: "paused",
        execution: null,
        fired_at: "2026-11-19T08:00:00Z",
      },
    ),
    "GET /api/executions/": pageOf({ id: "x1", status: "failed" }),
    "GET /api/workflows/": pageOf({
      id: "mail",
      name: "Send mail",
      compile: { status: "ok", version: 1 },
    }),
    "GET /api/workflows/mail/preflight/": PREFLIGHT,
    "POST /api/schedules/preview/": {
      timezone: "UTC",
      fires: [{ utc: "2026-11-21T09:00:00Z", local: "2026-11-21T09:00:00+00:00" }],
    },
    "POST /api/schedules/": SCHEDULE,
    "PATCH /api/schedules/s1/": SCHEDULE,
    "POST /api/schedules/s1/pause/": SCHEDULE,
    ...more,
  });
}

const sent = (log: Asked[], method: string, path: string) =>
  log.filter((asked) => asked.method === method && asked.path === path);

describe("schedules", () => {
  it("says in words when each is due, and what came of it", async () => {
    site();

    renderPage(<SchedulesPage />, "/schedules");

    expect(await screen.findByText("Monday to Friday at 09:00")).toBeTruthy();
    expect(screen.getByText("Europe/Berlin")).toBeTruthy();
    const results = await screen.findByRole("list", { name: /Last results/ });
    await waitFor(() => expect(results.textContent).toMatch(/Skipped.*Failed/));
  });

  it("makes one with the next times in view and the workflow's own form", async () => {
    const log = site();
    renderPage(<SchedulesPage />, "/schedules?edit=new");
    const panel = await screen.findByRole("dialog");

    await userEvent.selectOptions(
      await within(panel).findByLabelText(/Workflow/),
      await within(panel).findByText("Send mail"),
    );
    await userEvent.selectOptions(within(panel).getByLabelText("How often"), "hourly");
    await within(panel).findByText("Sat 21 Nov 2026, 09:00", {
      exact: false,
      normalizer: (text) => text.replace(/,(?= \d)/, ""),
    });
    await within(panel).findByLabelText(/Name/);
    await userEvent.click(within(panel).getByText("Create"));

    await waitFor(() => expect(sent(log, "POST", "/api/schedules/")).toHaveLength(1));
    expect(sent(log, "POST", "/api/schedules/")[0]?.body).toMatchObject({
      workflow: "mail",
      cron: "0 * * * *",
      interval: null,
      input: { name: "Ada" },
      catch_up: "last",
      overlap: "skip",
    });
  });

  it("saves one that was only looked at as it was", async () => {
    const log = site();
    renderPage(<SchedulesPage />, "/schedules?edit=s1");
    await screen.findByLabelText(/Name/);
    const panel = screen.getByRole("dialog");

    await userEvent.click(within(panel).getByText("Save"));

    await waitFor(() => expect(sent(log, "PATCH", "/api/schedules/s1/")).toHaveLength(1));
    expect(sent(log, "PATCH", "/api/schedules/s1/")[0]?.body).toEqual({
      cron: "0 9 * * MON-FRI",
      interval: null,
      timezone: "Europe/Berlin",
      starts_at: null,
      ends_at: null,
      jitter: 5,
      catch_up: 3,
      overlap: "queue",
      input: { name: "Grace" },
    });
  });

  it("stays open with the reason when it is refused", async () => {
    site({
      "PATCH /api/schedules/s1/": new Refusal(400, {
        code: "schedule.invalid",
        message: "cron: it never matches",
        details: { field: "cron" },
      }),
    });
    renderPage(<SchedulesPage />, "/schedules?edit=s1");
    await screen.findByLabelText(/Name/);
    const panel = screen.getByRole("dialog");

    await userEvent.click(within(panel).getByText("Save"));

    expect((await within(panel).findByRole("alert")).textContent).toContain("never matches");
    expect(within(panel).getByLabelText("How often").getAttribute("aria-invalid")).toBe("true");
  });

  it("pauses", async () => {
    const log = site();
    renderPage(<SchedulesPage />, "/schedules");

    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));

    await waitFor(() => expect(sent(log, "POST", "/api/schedules/s1/pause/")).toHaveLength(1));
  });
});
