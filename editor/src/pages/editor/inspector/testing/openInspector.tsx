/** The inspector of a document, with a server that always answers the same; for tests. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { vi } from "vitest";
import type { DefinitionDoc } from "@/definition/document";
import { TooltipProvider } from "@/ui/Tooltip";
import { createEditorStore, EditorStoreProvider } from "../../store";
import Inspector from "../Inspector";

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
  if (/^\/api\/workflows\/[^/]+\/$/.test(path)) return { id: "w", name: "W", definition: {} };
  return { results: [], next: null, previous: null };
}

/** Lets the answers of this file stand in for the server's. */
export function answerForServer(): void {
  vi.stubGlobal("fetch", async (request: Request) =>
    Response.json(answer(new URL(request.url).pathname)),
  );
}

/** Opens the inspector of a document; `now()` is the document as it stands. */
export function open(document: DefinitionDoc, path: string | null, more: object = {}) {
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

/** A workflow of one node that calls a tool. */
export const page: DefinitionDoc = {
  name: "Page",
  nodes: [
    { id: "fetch", type: "tool", tool: "http.request", input: { method: { value: "POST" } } },
  ],
};
