/** The inbox: an answer goes where it belongs, or stays where it was entered. */
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { type Asked, pageOf, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import InboxPage from ".";

const FORM = {
  type: "object",
  properties: { approved: { type: "boolean" }, amount: { type: "number", title: "Amount" } },
  required: ["amount"],
};
const WAITING = {
  id: "approval:12",
  kind: "approval",
  execution: "e1",
  root: "e1",
  workflow: "buy",
  workflow_name: "Buy",
  step_id: "ask",
  key: "ask",
  path: ["ask"],
  step_name: "Ask",
  title: "Buy a desk?",
  form: FORM,
  payload: { item: "desk" },
  event: null,
  labels: [],
  since: "2026-11-20T11:00:00Z",
  deadline_at: null,
  task: 12,
};
const TASK = {
  id: 12,
  title: "Buy a desk?",
  status: "open",
  can_answer: true,
  workflow: "buy",
  workflow_name: "Buy",
  execution: "e1",
  step_id: "ask",
  key: "ask",
  owner: "ada",
  assignees: [],
  created_at: "2026-11-20T11:00:00Z",
  deadline_at: null,
  answered_at: null,
  answered_by: "",
  context: { item: "desk" },
  form: FORM,
  answer: null,
  comment: "",
};
const STEP = {
  ...WAITING,
  id: "step:99",
  kind: "step",
  execution: "e2",
  root: "e2",
  key: "ask[3]",
  title: "Which name?",
  form: { type: "object", properties: { name: { type: "string", title: "Name" } } },
  task: null,
};

function site(more: Record<string, unknown> = {}) {
  return serve({
    "GET /api/waiting/": pageOf(WAITING, STEP),
    "GET /api/tasks/12/": TASK,
    "POST /api/tasks/12/answer/": { ...TASK, status: "answered" },
    "POST /api/executions/e2/resume/": { id: "e2", status: "running" },
    ...more,
  });
}

const posted = (log: Asked[]) => log.filter(({ method }) => method === "POST");
const amount = () => screen.findByRole("textbox", { name: /Amount/ });
const send = () => userEvent.click(screen.getByRole("button", { name: "Send the answer" }));

describe("answering from the inbox", () => {
  it("sends the answer with its comment and goes back to what waits", async () => {
    const log = site();
    const { router } = renderPage(<InboxPage />, "/inbox");

    await userEvent.click(await screen.findByRole("button", { name: /Buy a desk/ }));
    expect(router.state.location.search).toBe("?task=approval%3A12");
    expect(await screen.findByText("desk")).toBeTruthy();
    await userEvent.type(await amount(), "12");
    await userEvent.type(screen.getByRole("textbox", { name: "Remark" }), "as agreed");
    await send();

    await screen.findByText("Sent; the workflow goes on");
    expect(posted(log).map(({ path, body }) => [path, body])).toEqual([
      ["/api/tasks/12/answer/", { data: { amount: 12 }, comment: "as agreed" }],
    ]);
    expect(router.state.location.search).toBe("");
  });

  it("sends nothing that does not fit, and says where", async () => {
    const log = site();
    renderPage(<InboxPage />, "/inbox?task=12");

    await amount();
    await send();

    expect((await amount()).getAttribute("aria-invalid")).toBe("true");
    expect(posted(log)).toEqual([]);
  });

  it("resumes the very run of a step that asks", async () => {
    const log = site();
    renderPage(<InboxPage />, "/inbox?task=step:99");

    await userEvent.type(await screen.findByRole("textbox", { name: /Name/ }), "Ada");
    await send();

    await waitFor(() => expect(posted(log)).toHaveLength(1));
    expect(posted(log)[0]).toMatchObject({
      path: "/api/executions/e2/resume/",
      body: { data: { name: "Ada" }, step: "ask[3]" },
    });
  });

  it("keeps what was entered when somebody else was quicker", async () => {
    site({
      "POST /api/tasks/12/answer/": new Refusal(409, {
        code: "task.answered",
        message: "this was answered by grace already; look at what it came to",
        details: { answered_by: "grace" },
      }),
    });
    renderPage(<InboxPage />, "/inbox?task=12");

    await userEvent.type(await amount(), "12");
    await send();

    expect((await screen.findByRole("alert")).textContent).toContain("answered by grace");
    expect(((await amount()) as HTMLInputElement).value).toBe("12");
  });

  it("keeps what was entered when a look at the question finds it answered", async () => {
    let task: object = TASK;
    site({ "GET /api/tasks/12/": () => task });
    const { client } = renderPage(<InboxPage />, "/inbox?task=12");
    await userEvent.type(await amount(), "12");

    task = { ...TASK, status: "answered", answered_by: "grace", answer: { amount: 3 } };
    await act(() => client.invalidateQueries({ queryKey: ["tasks"] }));

    expect((await screen.findByRole("alert")).textContent).toContain("grace has answered");
    expect(((await amount()) as HTMLInputElement).value).toBe("12");
    expect(screen.getByRole("region", { name: "The answer" }).textContent).toContain("3");
  });

  it("keeps what was entered when the step leaves the list meanwhile", async () => {
    const waiting = pageOf(STEP);
    const log = site({ "GET /api/waiting/": () => waiting });
    const { client } = renderPage(<InboxPage />, "/inbox?task=step:99");
    const field = (await screen.findByRole("textbox", { name: /Name/ })) as HTMLInputElement;
    await userEvent.type(field, "Ada");

    waiting.results = [];
    await act(() => client.invalidateQueries({ queryKey: ["waiting"] }));

    expect((await screen.findByRole("alert")).textContent).toContain("was not sent");
    expect(field.value).toBe("Ada");
    await send();
    expect(posted(log)).toEqual([]);
  });

  it("sends once, however often one clicks", async () => {
    let release: (answer: unknown) => void = () => undefined;
    const log = site({
      "POST /api/tasks/12/answer/": () =>
        new Promise((resolve) => {
          release = resolve;
        }),
    });
    renderPage(<InboxPage />, "/inbox?task=12");
    await userEvent.type(await amount(), "12");

    await send();
    await send();

    expect(posted(log)).toHaveLength(1);
    release(TASK);
  });

  it("shows what was answered to whoever follows an old link", async () => {
    site({
      "GET /api/waiting/": pageOf(),
      "GET /api/tasks/12/": {
        ...TASK,
        status: "answered",
        answered_by: "grace",
        answer: { amount: 3 },
      },
    });

    renderPage(<InboxPage />, "/inbox?task=12");

    expect((await screen.findByRole("region", { name: "The answer" })).textContent).toContain(
      "grace",
    );
    expect(screen.queryByRole("button", { name: "Send the answer" })).toBeNull();
  });

  it("says that nothing waits", async () => {
    site({ "GET /api/waiting/": pageOf() });

    renderPage(<InboxPage />, "/inbox");

    expect(await screen.findByText("Nothing waits for you")).toBeTruthy();
  });
});
