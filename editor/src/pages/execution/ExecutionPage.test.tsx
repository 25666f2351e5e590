/** The page of one execution: why it failed, and what can be done about it. */
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { executionRecord, FAILURE, failedExecution, stepRecord } from "@/run/testing/records";
import { pageOf, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import Page from "./index";

const PATTERN = "/executions/:executionId";
let made = 0;

/** Shows the page of an execution that the server answers so; ids are never used twice, as what is
 * known of one outlives a test. */
function show(
  record: (id: string) => ReturnType<typeof executionRecord>,
  answers: (id: string) => Record<string, unknown> = () => ({}),
  query = "",
) {
  made += 1;
  const id = `e${made}`;
  const at = `/api/executions/${id}/`;
  const log = serve({
    [`GET ${at}`]: record(id),
    [`GET ${at}events/`]: pageOf(),
    [`GET ${at}logs/`]: pageOf(),
    [`GET ${at}steps/`]: (asked: { query: { key?: string } }) =>
      pageOf(...record(id).steps.filter((it: { key: string }) => it.key === asked.query.key)),
    "GET /api/workflows/w/preflight/": { can_run: true, reasons: [], missing_connections: [] },
    ...answers(id),
  });
  const { router } = renderPage(<Page />, `/executions/${id}${query}`, PATTERN);
  return { id, log, router };
}

test("of a failed run the failure is shown first, with what can be done", async () => {
  show(failedExecution);

  const step = await screen.findByRole("region", { name: "Step Charge" });

  expect(within(step).getByText("the card was declined")).toBeTruthy();
  expect(within(step).getByText(/What you can do/)).toBeTruthy();
  expect(document.title).toContain("Failed: Orders");
});

test("the failed step is retried in place", async () => {
  const { id, log } = show(failedExecution, (it) => ({
    [`POST /api/executions/${it}/retry/`]: { id: it, status: "running" },
  }));

  const step = await screen.findByRole("region", { name: "Step Charge" });
  await userEvent.click(within(step).getByRole("button", { name: "Retry" }));

  await waitFor(() =>
    expect(log.find((it) => it.method === "POST")).toMatchObject({
      path: `/api/executions/${id}/retry/`,
      body: { step: "charge" },
    }),
  );
});

test("the whole run is repeated from the menu, and leads to the new one", async () => {
  const { router } = show(failedExecution, (it) => ({
    [`POST /api/executions/${it}/rerun/`]: { execution_id: "new", status: "running" },
  }));

  await screen.findByRole("region", { name: "Step Charge" });
  const [menu] = screen.getAllByRole("button", { name: "Retry" });
  if (menu) await userEvent.click(menu);
  await userEvent.click(await screen.findByRole("menuitem", { name: /^The whole run The same/ }));

  await waitFor(() => expect(router.state.location.pathname).toBe("/executions/new"));
});

test("a step is skipped with an output", async () => {
  const { log } = show(failedExecution, (it) => ({
    [`POST /api/executions/${it}/skip/`]: { id: it, status: "running" },
  }));

  const step = await screen.findByRole("region", { name: "Step Charge" });
  await userEvent.click(within(step).getByRole("button", { name: "Skip…" }));
  await userEvent.click(await screen.findByRole("button", { name: "Skip with this output" }));

  await waitFor(() =>
    expect(log.find((it) => it.method === "POST")?.body).toEqual({ step: "charge", output: {} }),
  );
});

test("the step of the address is selected", async () => {
  show(failedExecution, undefined, "?step=fetch");

  expect(await screen.findByRole("region", { name: "Step Fetch" })).toBeTruthy();
});

test("a round far down, which no list has brought yet, is asked for", async () => {
  const round = stepRecord("price[7000]", { step_id: "price", path: ["each", 7000, "price"] });
  show(
    executionRecord,
    (it) => ({
      [`GET /api/executions/${it}/steps/`]: (asked: { query: { key?: string } }) =>
        asked.query.key === "price[7000]" ? pageOf(round) : pageOf(),
    }),
    "?step=price[7000]",
  );

  expect(await screen.findByText("price[7000] · 7001")).toBeTruthy();
});

test("a large output is shown in part, and wholly when asked for", async () => {
  const preview = { preview: '{"rows":[1,2', bytes: 2_300_000, truncated: true };
  const large = (id: string) =>
    executionRecord(id, {
      steps: [
        stepRecord("fetch", {
          step_name: "Fetch",
          output: { ...preview, href: `/api/executions/${id}/steps/fetch/` },
        }),
      ],
    });
  const { log, id } = show(
    large,
    (it) => ({
      [`GET /api/executions/${it}/steps/fetch/`]: stepRecord("fetch", { output: { rows: "all" } }),
    }),
    "?step=fetch&part=output",
  );

  const button = await screen.findByRole("button", { name: "Load full (2.3 MB)" });
  const whole = `/api/executions/${id}/steps/fetch/`;
  expect(log.some((it) => it.path === whole)).toBe(false);
  await userEvent.click(button);

  expect(await screen.findByText('"all"')).toBeTruthy();
});

test("a run that is not there says so", async () => {
  serve({});
  renderPage(<Page />, "/executions/gone", PATTERN);

  expect(await screen.findByText("This run is not there")).toBeTruthy();
});

test("what waits for an answer is answered beside the timeline", async () => {
  vi.stubGlobal("EventSource", SilentStream);
  const form = {
    type: "object",
    required: ["comment"],
    properties: { comment: { type: "string", title: "Comment" } },
  };
  const asking = (id: string) =>
    executionRecord(id, {
      status: "suspended",
      ended_at: null,
      steps: [stepRecord("ask", { kind: "approval", status: "suspended", ended_at: null })],
      suspended: [
        {
          path: ["ask"],
          indexes: [],
          execution_id: id,
          step_id: "ask",
          key: "ask",
          kind: "approval",
          labels: [],
          payload: { title: "Buy it?", context: {} },
          form,
          task: 12,
        },
      ],
    });
  const { log } = show(asking, () => ({ "POST /api/tasks/12/answer/": { id: 12 } }));

  const question = await screen.findByRole("form", { name: "Buy it?" });
  await userEvent.click(within(question).getByRole("button", { name: "Answer" }));
  expect(log.some((it) => it.method === "POST")).toBe(false);
  await userEvent.type(within(question).getByLabelText(/Comment/), "yes");
  await userEvent.click(within(question).getByRole("button", { name: "Answer" }));

  await waitFor(() =>
    expect(log.find((it) => it.method === "POST")?.body).toEqual({ data: { comment: "yes" } }),
  );
});

/** A stream that never says anything. */
class SilentStream {
  addEventListener() {}
  close() {}
}

test("failures keep their details folded", async () => {
  show(failedExecution);

  const step = await screen.findByRole("region", { name: "Step Charge" });
  const details = within(step).getByText(`${FAILURE.name} · ${FAILURE.code}`).closest("details");

  expect(details?.open).toBe(false);
});
