/** Starting a run: asked for its inputs, started once, refused at the right field. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { pageOf, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import { RunButton } from "./RunButton";

const EXECUTE = "POST /api/workflows/w/execute/";
const STARTED = { execution_id: "e1", status: "running", workflow: "w", version: 1 };
const SCHEMA = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", title: "Name", minLength: 2 },
    count: { type: "integer", title: "Count", default: 3 },
    token: { type: "string", title: "Token", "x-secret": true },
  },
};

function preflight(changes: object = {}) {
  return {
    can_run: true,
    reasons: [],
    published: { version: 1, plan_hash: "" },
    input_schema: SCHEMA,
    connections: [],
    missing_connections: [],
    ...changes,
  };
}

function site(changes: Record<string, unknown> = {}) {
  return serve({
    "GET /api/workflows/w/preflight/": preflight(),
    "GET /api/executions/": pageOf(),
    [EXECUTE]: STARTED,
    ...changes,
  });
}

const posts = (log: ReturnType<typeof serve>) => log.filter((it) => it.method === "POST");

async function openDialog() {
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Run" }).getAttribute("aria-disabled")).toBeNull(),
  );
  await userEvent.click(screen.getByRole("button", { name: "Run" }));
  return screen.findByRole("dialog");
}

test("asks for the inputs with their defaults, and starts with what was entered", async () => {
  const log = site();
  const begun = vi.fn();
  renderPage(<RunButton workflowId="w" onStarted={begun} />, "/");

  await openDialog();
  await userEvent.type(screen.getByLabelText(/^Name/), "Ada");
  await userEvent.click(screen.getByRole("button", { name: "Start" }));

  await waitFor(() => expect(begun).toHaveBeenCalledWith("e1"));
  expect(posts(log)[0]?.body).toEqual({ input: { name: "Ada", count: 3 } });
});

test("a double click starts it once, and a second try sends the same key", async () => {
  let refuse: (refusal: Refusal) => void = () => undefined;
  const first = new Promise<Refusal>((resolve) => {
    refuse = resolve;
  });
  const answers: unknown[] = [first, STARTED];
  const log = site({ [EXECUTE]: () => answers.shift() });
  renderPage(<RunButton workflowId="w" />, "/");

  await openDialog();
  await userEvent.type(screen.getByLabelText(/^Name/), "Ada");
  await userEvent.dblClick(screen.getByRole("button", { name: "Start" }));
  fireEvent.submit(screen.getByLabelText(/^Name/));
  refuse(new Refusal(503, { code: "server.busy", message: "try again" }));
  await screen.findByText("Try again");
  await userEvent.click(screen.getByRole("button", { name: "Start" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  const keys = posts(log).map((it) => it.headers["idempotency-key"]);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
});

test("what does not fit is said at its field and not sent", async () => {
  const log = site();
  renderPage(<RunButton workflowId="w" />, "/");

  await openDialog();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));

  expect(screen.getByLabelText(/^Name/).getAttribute("aria-invalid")).toBe("true");
  expect(posts(log)).toEqual([]);
});

test("what the server finds is said at its field", async () => {
  const problems = [{ path: "name", message: "name is taken" }];
  site({
    [EXECUTE]: new Refusal(400, { code: "input.invalid", message: "no", details: { problems } }),
  });
  renderPage(<RunButton workflowId="w" />, "/");

  await openDialog();
  await userEvent.type(screen.getByLabelText(/^Name/), "Ada");
  await userEvent.click(screen.getByRole("button", { name: "Start" }));

  expect(await screen.findByText("name is taken")).toBeTruthy();
  expect(screen.getByLabelText(/^Name/).getAttribute("aria-invalid")).toBe("true");
});

test("the last run's inputs are filled in, secrets left out", async () => {
  site({
    "GET /api/executions/": (asked: { query: Record<string, string> }) =>
      asked.query.status ? pageOf() : pageOf({ id: "old" }),
    "GET /api/executions/old/": { input: { name: "Grace", count: 7, token: "t" } },
  });
  renderPage(<RunButton workflowId="w" />, "/");

  await openDialog();
  await userEvent.click(screen.getByRole("button", { name: /last run/ }));

  await waitFor(() =>
    expect((screen.getByLabelText(/^Name/) as HTMLInputElement).value).toBe("Grace"),
  );
  expect((screen.getByLabelText(/^Token/) as HTMLInputElement).value).toBe("");
});

test("without inputs there is no dialog", async () => {
  const log = site({
    "GET /api/workflows/w/preflight/": preflight({ input_schema: { type: "object" } }),
  });
  const begun = vi.fn();
  renderPage(<RunButton workflowId="w" onStarted={begun} />, "/");

  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Run" }).getAttribute("aria-disabled")).toBeNull(),
  );
  await userEvent.click(screen.getByRole("button", { name: "Run" }));

  await waitFor(() => expect(begun).toHaveBeenCalled());
  expect(posts(log)[0]?.body).toEqual({ input: {} });
});

test("a missing connection keeps it from starting and leads to where it is made", async () => {
  const log = site({
    "GET /api/workflows/w/preflight/": preflight({
      can_run: false,
      reasons: [{ code: "connection.missing", message: "connect gmail", node_ids: [] }],
      missing_connections: ["gmail"],
    }),
  });
  renderPage(<RunButton workflowId="w" />, "/");

  await openDialog();
  await userEvent.click(screen.getByRole("button", { name: "Start" }));

  expect(screen.getByRole("link", { name: "Connect it" }).getAttribute("href")).toContain("gmail");
  expect(posts(log)).toEqual([]);
});

test("unsaved changes disable it in words", async () => {
  site();
  renderPage(<RunButton workflowId="w" dirty />, "/");

  const button = screen.getByRole("button", { name: "Run" });
  await userEvent.hover(button);

  expect(button.getAttribute("aria-disabled")).toBe("true");
  expect((await screen.findByRole("tooltip")).textContent).toMatch(/Save the workflow/);
});

test("Stop stands beside it while something runs, and cancels that", async () => {
  const log = site({
    "GET /api/executions/": pageOf({ id: "e9", status: "running", stopping: "" }),
    "POST /api/executions/e9/cancel/": { id: "e9", status: "running" },
  });
  renderPage(<RunButton workflowId="w" />, "/");

  await userEvent.click(await screen.findByRole("button", { name: "Stop" }));

  await waitFor(() => expect(posts(log)[0]?.path).toBe("/api/executions/e9/cancel/"));
});
