/** The panel of a running execution: what happens, and what stopping does and does not do. */
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { pageOf, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import { LivePanel } from "./LivePanel";
import { executionRecord, failedExecution, stepRecord } from "./testing/records";

let made = 0;

function show(
  record: (id: string) => ReturnType<typeof executionRecord>,
  answers: (id: string) => Record<string, unknown> = () => ({}),
) {
  vi.stubGlobal("EventSource", ToldStream);
  made += 1;
  const id = `live${made}`;
  const at = `/api/executions/${id}/`;
  const log = serve({
    [`GET ${at}`]: record(id),
    [`GET ${at}events/`]: pageOf(),
    "GET /api/workflows/w/versions/2/": {
      definition: { nodes: [1, 2, 3].map((it) => ({ id: `n${it}`, type: "tool" })) },
    },
    ...answers(id),
  });
  const detach = vi.fn();
  renderPage(<LivePanel executionId={id} onDetach={detach} />, "/");
  return { id, log, detach };
}

/** A stream that tells what a test says. */
class ToldStream {
  static newest: ToldStream | null = null;
  private readonly listeners = new Map<string, (message: { data: string }) => void>();
  constructor() {
    ToldStream.newest = this;
  }
  addEventListener(type: string, listener: (message: never) => void) {
    this.listeners.set(type, listener as (message: { data: string }) => void);
  }
  close() {}
  tell(event: { type: string; seq: number }) {
    this.listeners.get(event.type)?.({ data: JSON.stringify(event) });
  }
}

function running(id: string, changes: object = {}) {
  return executionRecord(id, {
    status: "running",
    ended_at: null,
    steps: [
      stepRecord("n1", { step_name: "Fetch", output: { text: "fine" } }),
      stepRecord("n2", { step_name: "Charge", status: "running", ended_at: null }),
    ],
    ...changes,
  });
}

test("it says which step of how many, and what it is at", async () => {
  show(running);

  expect(await screen.findByText("Step 2 of 3")).toBeTruthy();
  expect(screen.getAllByText("Charge").length).toBeGreaterThan(0);
});

test("what happens is shown as it comes, and said once", async () => {
  const { id } = show(running);
  await screen.findByText("Step 2 of 3");

  const at = "2026-01-01T10:00:05Z";
  ToldStream.newest?.tell({
    ...{ type: "execution_completed", seq: 10, at, execution_id: id, output: null },
  } as never);

  expect(await screen.findByText("Run: Completed")).toBeTruthy();
});

test("cancelling is not cancelled: it says what still finishes", async () => {
  show((id) => running(id, { stopping: "cancel" }));

  expect(await screen.findByText("Cancelling")).toBeTruthy();
  expect(screen.getByText("Still finishing: Charge")).toBeTruthy();
});

test("detaching closes the panel and sends nothing", async () => {
  const { log, detach } = show(running);

  await userEvent.click(await screen.findByRole("button", { name: /^Detach/ }));

  expect(detach).toHaveBeenCalled();
  expect(log.filter((it) => it.method === "POST")).toEqual([]);
});

test("a failure is shown where one watches, with retry and skip", async () => {
  const { id, log } = show(failedExecution, (it) => ({
    [`POST /api/executions/${it}/retry/`]: { id: it, status: "running" },
  }));

  expect(await screen.findByText("“Charge” failed")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Skip…" })).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Retry" }));

  await waitFor(() =>
    expect(log.some((it) => it.path === `/api/executions/${id}/retry/`)).toBe(true),
  );
});

test("a refused command is told, and nothing pretends that it worked", async () => {
  const refusal = new Refusal(409, { code: "command.not_applicable", message: "it has ended" });
  show(running, (it) => ({ [`POST /api/executions/${it}/pause/`]: refusal }));

  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));

  const notice = await screen.findByText("It could not be paused");
  expect(notice).toBeTruthy();
  expect(within(screen.getByRole("region", { name: "Run" })).getByText("Running")).toBeTruthy();
});

test("a run that was deleted says so", async () => {
  serve({});
  renderPage(<LivePanel executionId="deleted" onDetach={() => undefined} />, "/");

  expect(await screen.findByText("This run is not there any more")).toBeTruthy();
});
