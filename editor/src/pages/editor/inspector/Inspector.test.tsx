import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter } from "react-router";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { addressesOf } from "@/definition/addresses";
import type { Diagnostic } from "@/definition/diagnostics";
import { casesOf, type DefinitionDoc } from "@/definition/document";
import { TooltipProvider } from "@/ui/Tooltip";
import { createEditorStore, EditorStoreProvider } from "../store";
import Inspector from "./Inspector";
import { TYPE_WORDS } from "./nodes/NodeFields";

const SAMPLES = join(process.cwd(), "../workflows_app/samples");

const TOOL = {
  name: "http.request",
  title: "HTTP request",
  description: "Calls an address.",
  toolkit: null,
  needs_connection: false,
  input_schema: {
    type: "object",
    required: ["url"],
    properties: {
      url: { type: "string", format: "uri", title: "Address" },
      method: { enum: ["GET", "POST"], default: "GET" },
      timeout: { type: "number" },
    },
    additionalProperties: false,
  },
  output_schema: null,
};

const SCOPE = {
  names: [
    {
      name: "inputs",
      kind: "inputs",
      step_id: null,
      title: "Inputs",
      node_type: null,
      schema: { type: "object", properties: { site: { type: "string" } } },
      has_sample: true,
      sample: { site: "https://example.com" },
      status: null,
    },
  ],
  unavailable: [],
  functions: ["size"],
};

const PREVIEW = {
  ok: true,
  evaluated: true,
  value: "https://example.com",
  type: "string",
  bytes: 20,
  truncated: false,
  schema: null,
  error: null,
  warnings: [],
};

/** What the server would answer; the answers of the test stand in for it. */
function answer(path: string): unknown {
  if (path.startsWith("/api/tools/")) return TOOL;
  if (path === "/api/workflows/scope/") return SCOPE;
  if (path === "/api/workflows/preview/") return PREVIEW;
  return { results: [], next: null, previous: null };
}

beforeEach(() => {
  vi.stubGlobal("fetch", async (request: Request) =>
    Response.json(answer(new URL(request.url).pathname)),
  );
});

function open(document: DefinitionDoc, path: string | null, more: object = {}) {
  const store = createEditorStore({ document, ...more });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const view = render(
    <QueryClientProvider client={client}>
      <MemoryRouter>
        <TooltipProvider>
          <EditorStoreProvider store={store}>
            <Inspector path={path} />
          </EditorStoreProvider>
        </TooltipProvider>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return { ...view, now: () => store.getState().document as DefinitionDoc, store };
}

const samples = readdirSync(SAMPLES)
  .filter((name) => name.endsWith(".json") && !name.startsWith("agipo"))
  .map((name): [string, DefinitionDoc] => [
    name,
    JSON.parse(readFileSync(join(SAMPLES, name), "utf8")),
  ]);

describe("looking at a sample", () => {
  test.each(samples)("%s changes nothing, whatever is opened", async (_, document) => {
    const before = structuredClone(document);
    for (const key of [null, ...addressesOf(document).nodes.keys()]) {
      const { container, now, unmount } = open(document, key);
      for (const part of container.querySelectorAll("details")) part.open = true;
      for (const field of container.querySelectorAll<HTMLElement>("input, textarea, select")) {
        fireEvent.focus(field);
        fireEvent.blur(field);
      }
      await act(async () => undefined);

      expect(now(), String(key)).toBe(document);
      expect(container.textContent).not.toBe("");
      unmount();
    }
    expect(document).toEqual(before);
  });

  const others = ["step", "workflow", "sleep_until", "agent", "unheard_of"];

  test("covers every type, with the few below", () => {
    const types = samples.flatMap(([, document]) =>
      [...addressesOf(document).nodes.values()].map(({ node }) => node.type),
    );

    expect(new Set([...types, ...others])).toEqual(
      new Set([...Object.keys(TYPE_WORDS), "unheard_of"]),
    );
  });

  test.each(others)("a node of type %s is drawn and left alone", async (type) => {
    const document: DefinitionDoc = {
      name: "x",
      nodes: [{ id: "a", type, step: "s", workflow: "w", at: "2026-11-20T10:00:00Z", own: 1 }],
    };

    const { now } = open(document, "a");
    await act(async () => undefined);

    expect(screen.getByLabelText("Id")).toBeTruthy();
    expect(now()).toBe(document);
  });
});

const page: DefinitionDoc = {
  name: "Page",
  nodes: [
    { id: "fetch", type: "tool", tool: "http.request", input: { method: { value: "POST" } } },
  ],
};

function inputOf(document: DefinitionDoc, index = 0): unknown {
  return document.nodes?.[index]?.input;
}

describe("bindings", () => {
  test("have a row for each field of the tool's input", async () => {
    open(page, "fetch");

    expect(await screen.findByText("Address")).toBeTruthy();
    expect(screen.getByLabelText<HTMLSelectElement>("How method is given").value).toBe("value");
    expect(screen.getByLabelText<HTMLSelectElement>("How timeout is given").value).toBe("");
  });

  test("are picked from what can be read there", async () => {
    const { now } = open(page, "fetch");
    const user = userEvent.setup();

    await user.selectOptions(await screen.findByLabelText("How Address is given"), "From…");
    expect(inputOf(now())).toEqual({ method: { value: "POST" } });
    const picker = await screen.findByLabelText("Sources for Address");
    await user.click(await within(picker).findByRole("button", { name: "Open Inputs" }));
    await user.click(within(picker).getByRole("button", { name: /^site/ }));

    expect(inputOf(now())).toEqual({ method: { value: "POST" }, url: { from: "inputs.site" } });
  });

  test("suggest what fits while one types, and show what it comes to", async () => {
    const { now } = open(page, "fetch", { lastExecutionId: "e1" });
    const user = userEvent.setup();

    await user.selectOptions(await screen.findByLabelText("How Address is given"), "Template");
    const box = await screen.findByRole("textbox", { name: "Address" });
    await user.click(box);
    await user.paste("{{ inputs.s");
    await user.type(box, "i");
    await user.click(await screen.findByRole("option", { name: /site/ }));
    await user.type(box, " }}");

    expect(inputOf(now())).toMatchObject({ url: { template: "{{ inputs.site }}" } });
    expect(await screen.findByText('"https://example.com"')).toBeTruthy();
  });

  test("are taken away again, the last one with the whole input", async () => {
    const { now } = open(page, "fetch");
    await screen.findByText("Address");

    await userEvent.selectOptions(screen.getByLabelText("How method is given"), "Not set");

    expect("input" in (now().nodes?.[0] ?? {})).toBe(false);
  });

  test("show the problems at their place", async () => {
    const path = "/nodes/0/input/url";
    const problem = {
      code: "x",
      severity: "error",
      message: "it is missing",
      path,
      node_id: "fetch",
      fix: null,
    };
    open(page, "fetch", { diagnostics: [problem] });

    const row = (await screen.findByText("Address")).closest("[data-place]");

    expect(within(row as HTMLElement).getByText(/it is missing/)).toBeTruthy();
  });
});

test("a problem of the step as a whole stands on top, that of a field at the field alone", async () => {
  const at = (path: string, message: string): Diagnostic => ({
    code: "x",
    severity: "warning",
    message,
    path,
    node_id: "fetch",
    fix: null,
  });
  const diagnostics = [
    at("/nodes/0", "nobody reads it"),
    at("/nodes/0/input/more", "not a field"),
    at("/nodes/0/input/url", "needed"),
  ];
  open(page, "fetch", { diagnostics });
  await screen.findByText("Address");

  for (const { message } of diagnostics) expect(screen.getAllByText(message)).toHaveLength(1);
});

test("typing one word is one undo, and the next field another", async () => {
  const { now, store } = open({ name: "S", nodes: [{ id: "a", type: "bail" }] }, "a");
  const user = userEvent.setup();

  await user.type(screen.getByLabelText("Name"), "Stop");
  await user.type(screen.getByLabelText("Description"), "Enough");
  act(() => store.getState().undo());

  expect(now().nodes?.[0]).toEqual({ id: "a", type: "bail", name: "Stop" });
  act(() => store.getState().undo());
  expect(now().nodes?.[0]).toEqual({ id: "a", type: "bail" });
});

describe("a branch", () => {
  const branch: DefinitionDoc = {
    name: "B",
    nodes: [
      {
        id: "route",
        type: "branch",
        mode: "first",
        cases: [{ id: "big", when: "inputs.size > 3", body: { nodes: [] } }],
      },
    ],
  };
  const casesIn = (document: DefinitionDoc) =>
    casesOf(document.nodes?.[0] ?? { id: "", type: "" }).map(({ id, when }) => [id, when]);

  test("has conditions in rows that write their text", async () => {
    const { now } = open(branch, "route");
    const user = userEvent.setup();

    await user.selectOptions(screen.getByLabelText("Operator of row 1"), "is at least");
    await user.click(screen.getByRole("button", { name: "Add row" }));
    expect(casesIn(now())).toEqual([["big", "inputs.size >= 3"]]);
    await user.type(screen.getByLabelText("Source of row 2"), "inputs.name");
    await user.type(screen.getByLabelText("Value of row 2"), "tea");

    expect(casesIn(now())).toEqual([["big", 'inputs.size >= 3 && inputs.name == "tea"']]);
  });

  test("takes an otherwise and a new name", async () => {
    const { now } = open(branch, "route");
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Add otherwise" }));
    const name = screen.getByLabelText("Name of the case big");
    await user.clear(name);
    await user.type(name, "large{Enter}");

    expect(casesIn(now())).toEqual([
      ["large", "inputs.size > 3"],
      ["otherwise", "true"],
    ]);
    expect(screen.getByText(/when no case above holds/)).toBeTruthy();
  });
});

describe("fields of a node", () => {
  test("a span of time is kept in seconds", async () => {
    const { now } = open({ name: "S", nodes: [{ id: "a", type: "sleep", seconds: 7200 }] }, "a");
    const user = userEvent.setup();

    const box = screen.getByLabelText<HTMLInputElement>("Wait for");
    expect(box.value).toBe("2");
    await user.clear(box);
    await user.type(box, "1.5");

    expect(now().nodes?.[0]?.seconds).toBe(5400);
  });

  test("an id is renamed when the box is left, and refused while it is taken", async () => {
    const document: DefinitionDoc = {
      name: "R",
      nodes: [
        { id: "a", type: "map", fields: {} },
        { id: "b", type: "map", fields: { x: { from: "steps.a.y" } } },
      ],
      edges: [["a", "b"]],
    };
    const { now } = open(document, "a");
    const user = userEvent.setup();
    const box = screen.getByLabelText("Id");

    await user.clear(box);
    await user.type(box, "b");
    expect(screen.getByText(/called b already/)).toBeTruthy();
    await user.type(box, "egin{Enter}");

    expect(now().edges).toEqual([["begin", "b"]]);
    expect(now().nodes?.[1]?.fields).toEqual({ x: { from: "steps.begin.y" } });
  });

  test("an approval's form is drawn up, and shown as it will be", async () => {
    const { now } = open(
      { name: "A", nodes: [{ id: "ask", type: "approval", title: "Ok?" }] },
      "ask",
    );
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Make a form of its own" }));
    await user.selectOptions(screen.getByLabelText("Type of comment"), "Number");
    await user.click(screen.getByRole("button", { name: "Show the form" }));

    const form = now().nodes?.[0]?.form;
    expect(form).toMatchObject({ properties: { comment: { type: "number", title: "Comment" } } });
    expect(within(screen.getByRole("dialog")).getByLabelText(/Approved/)).toBeTruthy();
  });

  test("the workflow's own fields are written when nothing is selected", async () => {
    const { now } = open({ name: "W", nodes: [] }, null);
    const user = userEvent.setup();

    await user.type(screen.getByRole("textbox", { name: /^Name \*$/ }), "eb");
    await user.click(screen.getAllByRole("button", { name: "Add field" })[0] as HTMLElement);

    expect(now()).toMatchObject({
      name: "Web",
      inputs: { type: "object", properties: { field_1: { type: "string" } } },
    });
  });

  test("an input is renamed with all that reads it", async () => {
    const { now } = open(
      {
        name: "W",
        inputs: { type: "object", properties: { url: { type: "string" } } },
        nodes: [{ id: "a", type: "map", fields: { x: { from: "inputs.url" } } }],
      },
      null,
    );
    const user = userEvent.setup();

    const name = screen.getByLabelText("Name of the field url");
    await user.clear(name);
    await user.type(name, "site{Enter}");

    expect(now().inputs).toEqual({ type: "object", properties: { site: { type: "string" } } });
    expect(now().nodes?.[0]?.fields).toEqual({ x: { from: "inputs.site" } });
  });

  test("a field of a map is renamed with all that reads it", async () => {
    const { now } = open(
      {
        name: "M",
        nodes: [{ id: "a", type: "map", fields: { x: { value: 1 } } }],
        output: { from: "steps.a.x" },
      },
      "a",
    );
    const user = userEvent.setup();

    const name = screen.getByLabelText("Name of the field x");
    await user.clear(name);
    await user.type(name, "total{Enter}");

    expect(now().nodes?.[0]?.fields).toEqual({ total: { value: 1 } });
    expect(now().output).toEqual({ from: "steps.a.total" });
  });

  test("nothing can be changed where the workflow is only to be read", async () => {
    open(page, "fetch", { readOnly: true });
    await screen.findByText("Address");

    const open_ = screen
      .getAllByRole("textbox")
      .filter((box) => !(box as HTMLInputElement).disabled);

    expect(open_).toEqual([]);
  });
});

test("the problems panel leads to a field, unfolding what is around it", async () => {
  const { store } = open(page, "fetch");
  await screen.findByText("Address");

  act(() => store.setState({ focusField: { key: "fetch", place: "/nodes/0/queue" } }));

  const queue = screen.getByLabelText("Queue");
  expect(document.activeElement).toBe(queue);
  expect(queue.closest("details")?.open).toBe(true);
});
