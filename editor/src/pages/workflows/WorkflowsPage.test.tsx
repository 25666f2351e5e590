/** The list of workflows: how each ran last, and how a first one is made. */
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { type Asked, pageOf, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import WorkflowsPage from ".";

const ROW = {
  id: "w1",
  name: "Send mail",
  description: "To everybody",
  source: "drawn",
  revision: 3,
  compile: { status: "ok", version: 2 },
  owner: "ada",
  created_at: "2026-11-20T11:00:00Z",
  updated_at: "2026-11-20T11:00:00Z",
  node_count: 4,
  archived: false,
  last_execution: {
    id: "e1",
    status: "failed",
    created_at: "2026-11-20T11:30:00Z",
    ended_at: "2026-11-20T11:31:00Z",
  },
};
const DEFINITION = { schema_version: 1, name: "Welcome", nodes: [{ id: "a", type: "tool" }] };
const SAMPLE = {
  name: "welcome-message",
  title: "Welcome message",
  description: "Greets",
  kind: "celeriac",
  node_types: ["tool"],
  node_count: 1,
};

function site(more: Record<string, unknown> = {}) {
  return serve({
    "GET /api/workflows/": pageOf(ROW),
    "GET /api/workflows/w1/": { ...ROW, definition: DEFINITION },
    "POST /api/workflows/": { ...ROW, id: "w2" },
    "GET /api/samples/": pageOf(SAMPLE),
    "GET /api/samples/welcome-message/": { ...SAMPLE, definition: DEFINITION, notes: [] },
    ...more,
  });
}

const made = (log: Asked[]) =>
  log.filter(({ method, path }) => method === "POST" && path === "/api/workflows/");
const open = async (item: string) => {
  await userEvent.click(await screen.findByRole("button", { name: "More for Send mail" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: item }));
};

describe("the list of workflows", () => {
  it("shows how each ran last, with a way there", async () => {
    const log = site();

    renderPage(<WorkflowsPage />, "/workflows?q=mail&sort=name&status=bogus");

    const last = await screen.findByRole("link", { name: /Failed/ });
    expect(last.getAttribute("href")).toBe("/executions/e1");
    expect(log.find(({ path }) => path === "/api/workflows/")?.query).toEqual({
      q: "mail",
      sort: "name",
    });
  });

  it("leads a first user to a sample in one click", async () => {
    const log = site({ "GET /api/workflows/": pageOf() });
    const { router } = renderPage(<WorkflowsPage />, "/workflows");

    await userEvent.click(
      await screen.findByRole("button", { name: "Start with “Welcome message”" }),
    );

    await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/w2"));
    expect(made(log)[0]?.body).toEqual({ definition: DEFINITION });
  });

  it("makes an empty one that has only a name", async () => {
    const log = site();
    const { router } = renderPage(<WorkflowsPage />, "/workflows?new=blank");

    await userEvent.type(await screen.findByRole("textbox", { name: /Name/ }), "  My own {Enter}");

    await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/w2"));
    expect(made(log)[0]?.body).toEqual({
      definition: { schema_version: 1, name: "My own", nodes: [], edges: [] },
    });
  });

  it("says what of a document could not be carried over before it makes anything", async () => {
    const log = site({
      "POST /api/workflows/import/": {
        kind: "agipo",
        definition: { ...DEFINITION, name: "From Agipo" },
        notes: [{ code: "agipo.left_out", path: "/steps/2", message: "the mock step is left out" }],
        compile: {
          status: "errors",
          diagnostics: [
            { code: "x", severity: "error", message: "the tool is unknown", fix: "choose another" },
          ],
        },
      },
    });
    renderPage(<WorkflowsPage />, "/workflows?new=file");

    await userEvent.upload(
      await screen.findByLabelText(/Drop a JSON file/),
      new File(['{"steps": []}'], "workflow.json", { type: "application/json" }),
    );

    expect(await screen.findByText("the mock step is left out")).toBeTruthy();
    expect(screen.getByText("the tool is unknown")).toBeTruthy();
    expect(made(log)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Create it with these errors" }));
    await waitFor(() => expect(made(log)).toHaveLength(1));
    expect(made(log)[0]?.body).toMatchObject({ name: "From Agipo" });
  });

  it("says where pasted text is no JSON, without asking the server", async () => {
    const log = site();
    renderPage(<WorkflowsPage />, "/workflows?new=json");

    await userEvent.click(await screen.findByRole("textbox", { name: "JSON of a workflow" }));
    await userEvent.paste("{nope");
    await userEvent.click(screen.getByRole("button", { name: "Look at it" }));

    expect((await screen.findByRole("alert")).textContent).toContain("This is not JSON");
    expect(log.filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("deletes only what was called by its name", async () => {
    const log = site({ "DELETE /api/workflows/w1/": null });
    const deleted = () => log.filter(({ method }) => method === "DELETE").length;
    renderPage(<WorkflowsPage />, "/workflows");
    await open("Delete…");
    const dialog = await screen.findByRole("dialog");

    await userEvent.type(within(dialog).getByRole("textbox"), "Send{Enter}");
    await userEvent.click(within(dialog).getByRole("button", { name: "Delete it" }));
    expect(deleted()).toBe(0);

    await userEvent.type(within(dialog).getByRole("textbox"), " mail");
    await userEvent.click(within(dialog).getByRole("button", { name: "Delete it" }));
    await waitFor(() => expect(deleted()).toBe(1));
  });

  it("duplicates under a name of its own, and opens the copy", async () => {
    const log = site();
    const { router } = renderPage(<WorkflowsPage />, "/workflows");

    await open("Duplicate");

    await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/w2"));
    expect(made(log)[0]?.body).toEqual({ definition: DEFINITION, name: "Send mail (copy)" });
  });

  it("starts what asks nothing at once, and shows it", async () => {
    const log = site({
      "GET /api/workflows/w1/preflight/": {
        can_run: true,
        reasons: [],
        input_schema: { type: "object", properties: {} },
        missing_connections: [],
      },
      "POST /api/workflows/w1/execute/": { execution_id: "e7", status: "running" },
    });
    const { router } = renderPage(<WorkflowsPage />, "/workflows");

    await userEvent.click(await screen.findByRole("button", { name: "Run" }));

    await waitFor(() => expect(router.state.location.pathname).toBe("/executions/e7"));
    expect(log.filter(({ path }) => path.endsWith("/execute/"))).toHaveLength(1);
  });

  it("says why a workflow was not started", async () => {
    site({
      "GET /api/workflows/w1/preflight/": new Refusal(503, { code: "server", message: "not now" }),
    });
    renderPage(<WorkflowsPage />, "/workflows");

    await userEvent.click(await screen.findByRole("button", { name: "Run" }));

    expect(await screen.findByText("Send mail was not started")).toBeTruthy();
  });
});
