/** Extracting a workflow: one edit, or nothing and the reason. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { DefinitionDoc } from "@/definition/document";
import { serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import { createEditorStore, EditorStoreProvider } from "../store";
import { ExtractWorkflow } from "./ExtractWorkflow";

const map = (id: string, expression: string) => ({
  id,
  type: "map",
  fields: { x: { expression } },
});
const DOCUMENT: DefinitionDoc = {
  name: "Whole",
  nodes: [
    map("a", "1"),
    map("b", "input.x"),
    map("c", "input.x + inputs.size"),
    map("d", "input.x"),
  ],
  edges: [
    ["a", "b"],
    ["b", "c"],
    ["c", "d"],
  ],
};
const FINE = { status: "ok", diagnostics: [] };

function open(keys: string[], answers: Record<string, unknown>) {
  const log = serve({ "POST /api/workflows/": { id: "w2" }, ...answers });
  const store = createEditorStore({ document: DOCUMENT });
  renderPage(
    <EditorStoreProvider store={store}>
      <ExtractWorkflow keys={keys} />
    </EditorStoreProvider>,
    "/",
  );
  return { log, store };
}
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));

it("creates the new workflow and puts one step in the place of the others, as one edit", async () => {
  const { log, store } = open(["b", "c"], { "POST /api/workflows/validate/": FINE });

  await press("Make a workflow of them");
  const name = screen.getByRole("textbox", { name: /Name of the new workflow/ });
  await userEvent.clear(name);
  await userEvent.type(name, "Middle");
  await press("Make it");

  await waitFor(() =>
    expect(store.getState().document.nodes?.map(({ id }) => id)).toEqual(["a", "c", "d"]),
  );
  expect(store.getState().document.nodes?.[1]).toMatchObject({ workflow: "w2", name: "Middle" });
  const made = log.find(({ path }) => path === "/api/workflows/");
  expect(made?.body).toMatchObject({ definition: { name: "Middle", output: { from: "steps.c" } } });
  store.getState().undo();
  expect(store.getState().document).toBe(DOCUMENT);
});

it("creates nothing that would not run by itself, and says why", async () => {
  const problem = { severity: "error", message: "there is no tool 'x'", path: "", code: "c" };
  const { log, store } = open(["b", "c"], {
    "POST /api/workflows/validate/": { status: "errors", diagnostics: [problem] },
  });

  await press("Make a workflow of them");
  await press("Make it");

  expect(await screen.findByText(/there is no tool 'x'/)).toBeTruthy();
  expect(log.some(({ path }) => path === "/api/workflows/")).toBe(false);
  expect(store.getState().document).toBe(DOCUMENT);
});

it("says at once what cannot be taken out", async () => {
  const { store } = open(["a", "c"], {});

  await press("Make a workflow of them");

  expect(store.getState().notice?.text).toMatch(/stands between/);
  expect(screen.queryByRole("dialog")).toBeNull();
});
