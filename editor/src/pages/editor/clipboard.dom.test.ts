/** Copying and pasting steps, within a workflow and into another. */
import { expect, it, vi } from "vitest";
import type { DefinitionDoc } from "@/definition/document";
import { copySelection, pasteText } from "./clipboard";
import { createEditorStore } from "./store";

const DOCUMENT: DefinitionDoc = {
  name: "source",
  nodes: [
    { id: "a", type: "map", fields: {} },
    {
      id: "each",
      type: "foreach",
      items: { from: "steps.a.list" },
      body: { nodes: [{ id: "b", type: "map", fields: {} }] },
    },
  ],
  edges: [["a", "each"]],
};

async function copied(selection: string[]): Promise<string> {
  const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  const store = createEditorStore({ document: DOCUMENT, selection });
  await copySelection(store);
  return String(write.mock.calls[0]?.[0]);
}

it("carries steps into another workflow, as one thing that undo takes back", async () => {
  const text = await copied(["a", "each"]);
  const other = createEditorStore({ document: { name: "other", nodes: [], edges: [] } });

  pasteText(other, text);

  expect(other.getState().document).toMatchObject({
    nodes: DOCUMENT.nodes,
    edges: [["a", "each"]],
  });
  expect(other.getState().selection).toEqual(["a", "each"]);
  other.getState().undo();
  expect(other.getState().document.nodes).toEqual([]);
});

it("pastes into the body in which a step is selected", async () => {
  const text = await copied(["a"]);
  const store = createEditorStore({ document: DOCUMENT, selection: ["b"] });

  pasteText(store, text);

  expect(store.getState().document.nodes?.[1]).toMatchObject({
    body: { nodes: [{ id: "b" }, { id: "a_2" }] },
  });
});

it("says that there are no steps in another text, and changes nothing", () => {
  const store = createEditorStore({ document: DOCUMENT });

  pasteText(store, "hello");

  expect(store.getState().document).toBe(DOCUMENT);
  expect(store.getState().notice?.text).toMatch(/no steps on the clipboard/);
});

it("says so where the browser forbids the clipboard", async () => {
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("forbidden"));
  const store = createEditorStore({ document: DOCUMENT, selection: ["a"] });

  await copySelection(store);

  expect(store.getState().notice?.tone).toBe("danger");
});

it("changes nothing in a workflow that is only shown", async () => {
  const text = await copied(["a"]);
  const store = createEditorStore({ document: DOCUMENT, readOnly: true });

  pasteText(store, text);

  expect(store.getState().document).toBe(DOCUMENT);
});
