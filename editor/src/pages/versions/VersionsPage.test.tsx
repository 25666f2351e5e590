/** Versions: compared with each other and with the draft, and restored. */
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { pageOf, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import VersionsPage from ".";

const row = (number: number, published = false) => ({
  number,
  published,
  plan_hash: `h${number}`,
  created_by: "ada",
  created_at: "2026-11-20T11:00:00Z",
});
const definition = (seconds: number) => ({
  schema_version: 1,
  name: "Wait",
  nodes: [{ id: "wait", type: "sleep", name: "Wait a bit", seconds }],
  edges: [],
});
const WORKFLOW = {
  id: "w1",
  name: "Wait",
  description: "",
  source: "drawn",
  revision: 7,
  archived: false,
  definition: definition(9),
  compile: { status: "ok", diagnostics: [], plan_hash: "h2", version: 2 },
};

function site(more: Record<string, unknown> = {}) {
  return serve({
    "GET /api/workflows/w1/": WORKFLOW,
    "GET /api/workflows/w1/versions/": pageOf(row(2, true), row(1)),
    "GET /api/workflows/w1/versions/1/": { ...row(1), definition: definition(1) },
    "GET /api/workflows/w1/versions/2/": { ...row(2, true), definition: definition(2) },
    ...more,
  });
}
const show = (search = "") =>
  renderPage(
    <VersionsPage />,
    `/workflows/w1/versions${search}`,
    "/workflows/:workflowId/versions",
  );

it("shows what the newest version changed from the one before", async () => {
  site();
  show();

  const changes = await screen.findByRole("region", { name: "What changed" });

  expect(await within(changes).findByText("Wait a bit")).toBeTruthy();
  expect(within(changes).getByText("seconds")).toBeTruthy();
  expect(within(changes).getByText("1")).toBeTruthy();
  expect(within(changes).getByText("2")).toBeTruthy();
});

it("compares with the draft, and keeps the choice in the address", async () => {
  site();
  const { router } = show("?version=1");

  await userEvent.selectOptions(await screen.findByLabelText("Compare with"), "draft");

  expect(await screen.findByText("9")).toBeTruthy();
  expect(router.state.location.search).toBe("?version=1&against=draft");
});

it("restores a version with the revision that was read, after asking", async () => {
  const log = site({ "POST /api/workflows/w1/versions/2/restore/": WORKFLOW });
  const { router } = show();

  await userEvent.click(await screen.findByRole("button", { name: "Restore version 2" }));
  await userEvent.click(screen.getByRole("button", { name: "Restore" }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/workflows/w1"));
  const asked = log.find(({ method }) => method === "POST");
  expect(new Headers(asked?.headers).get("If-Match")).toBe('"7"');
});

it("warns that a draft with errors is among no versions", async () => {
  const compile = { ...WORKFLOW.compile, status: "errors" };
  site({ "GET /api/workflows/w1/": { ...WORKFLOW, compile } });
  show();

  await userEvent.click(await screen.findByRole("button", { name: "Restore version 2" }));

  expect(screen.getByText(/what is in it now is lost/)).toBeTruthy();
});

it("says so when somebody saved meanwhile", async () => {
  const body = {
    code: "revision.conflict",
    message: "somebody saved",
    details: { theirs: { revision: 8, definition: definition(3) } },
  };
  site({ "POST /api/workflows/w1/versions/2/restore/": new Refusal(409, body) });
  show();

  await userEvent.click(await screen.findByRole("button", { name: "Restore version 2" }));
  await userEvent.click(screen.getByRole("button", { name: "Restore" }));

  expect(await screen.findByText(/Somebody saved the workflow meanwhile/)).toBeTruthy();
});

it("does not offer to restore what is written in Python", async () => {
  site({ "GET /api/workflows/w1/": { ...WORKFLOW, source: "python" } });
  show();

  await screen.findByText("Wait a bit");

  expect(screen.queryByRole("button", { name: /^Restore/ })).toBeNull();
});

it("leads to the executions of a version", async () => {
  site();
  show("?version=1");

  const link = await screen.findByRole("link", { name: "Its executions" });

  expect(link.getAttribute("href")).toBe("/executions?workflow=w1&version=1");
});

it("says what to do while there is no version", async () => {
  site({ "GET /api/workflows/w1/versions/": pageOf() });
  show();

  expect(await screen.findByText("There is no version yet")).toBeTruthy();
});
