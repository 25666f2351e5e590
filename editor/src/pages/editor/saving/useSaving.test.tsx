/** Saving by itself: nothing is lost, and nobody is overwritten. */
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { setDocumentField } from "@/definition/commands/fields";
import type { DefinitionDoc } from "@/definition/document";
import { type Asked, Refusal, serve } from "@/testing/fakeServer";
import { renderPage } from "@/testing/renderPage";
import { createEditorStore, EditorStoreProvider } from "../store";
import { keptDraft } from "./draft";
import { useSaving } from "./useSaving";

const MINE: DefinitionDoc = { name: "Mine", nodes: [], edges: [] };
const THEIRS: DefinitionDoc = { name: "Theirs", nodes: [], edges: [] };
const answer = (revision: number) => ({
  id: "w1",
  name: "Mine",
  revision,
  compile: { status: "ok", diagnostics: [], plan_hash: "h", version: 1 },
});
const CONFLICT = new Refusal(409, {
  code: "revision.conflict",
  message: "somebody saved",
  details: { theirs: { revision: 5, definition: THEIRS } },
});

function Probe() {
  const saving = useSaving();
  return (
    <>
      <output>{saving.state}</output>
      <button type="button" onClick={() => void saving.save()}>
        save
      </button>
      <button type="button" onClick={() => void saving.keepMine()}>
        keep mine
      </button>
      <button type="button" onClick={saving.takeTheirs}>
        take theirs
      </button>
    </>
  );
}

function open(put: unknown) {
  const log = serve({ "PUT /api/workflows/w1/": put });
  const workflow = { id: "w1", name: "Mine", revision: 3, source: "drawn" as const, version: 1 };
  const store = createEditorStore({ document: MINE, workflow });
  renderPage(
    <EditorStoreProvider store={store}>
      <Probe />
    </EditorStoreProvider>,
    "/",
  );
  const type = (text: string) =>
    act(() => store.getState().run((now) => setDocumentField(now, "description", text)));
  return { log, store, type };
}

const state = () => screen.getByRole("status").textContent;
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));
const revisions = (log: Asked[]) => log.map(({ headers }) => new Headers(headers).get("If-Match"));

beforeEach(() => localStorage.clear());

it("saves with the revision that was read, and then with the one that was answered", async () => {
  let revision = 3;
  const { log, type } = open(() => answer(++revision));

  type("one");
  await press("save");
  await waitFor(() => expect(state()).toBe("saved"));
  type("two");
  await press("save");
  await waitFor(() => expect(state()).toBe("saved"));

  expect(revisions(log)).toEqual(['"3"', '"4"']);
});

it("leaves what is changed during a save unsaved", async () => {
  let finish: (value: unknown) => void = () => {};
  const { log, type } = open(() => new Promise((resolve) => (finish = resolve)));

  type("sent");
  await press("save");
  await waitFor(() => expect(log).toHaveLength(1));
  expect(state()).toBe("saving");
  type("typed meanwhile");
  await act(async () => finish(answer(4)));

  await waitFor(() => expect(state()).toBe("unsaved"));
  expect(log[0]?.body).toMatchObject({ definition: { description: "sent" } });
});

it("overwrites nobody: a conflict is told, and mine is kept only when that is said", async () => {
  let first = true;
  const { log, type } = open(() => {
    if (!first) return answer(6);
    first = false;
    return CONFLICT;
  });

  type("mine");
  await press("save");
  await waitFor(() => expect(state()).toBe("conflict"));
  await press("save");
  expect(log).toHaveLength(1);
  await press("keep mine");

  await waitFor(() => expect(state()).toBe("saved"));
  expect(revisions(log)).toEqual(['"3"', '"5"']);
});

it("takes the other side, and undo brings mine back", async () => {
  const { store, type } = open(() => CONFLICT);

  type("mine");
  await press("save");
  await waitFor(() => expect(state()).toBe("conflict"));
  await press("take theirs");
  expect(store.getState().document).toEqual(THEIRS);
  expect(state()).toBe("saved");

  act(() => store.getState().undo());
  expect(store.getState().document.description).toBe("mine");
  expect(state()).toBe("unsaved");
  expect(store.getState().workflow.revision).toBe(5);
});

it("keeps unsaved work in the browser until it is saved", async () => {
  const { type } = open(() => answer(4));

  type("kept");
  await waitFor(() => expect(keptDraft("w1")?.document.description).toBe("kept"));
  expect(keptDraft("w1")?.revision).toBe(3);
  await press("save");

  await waitFor(() => expect(keptDraft("w1")).toBeNull());
});

it("keeps nothing of what was undone", async () => {
  const { store, type } = open(() => answer(4));

  type("a mistake");
  await waitFor(() => expect(keptDraft("w1")).not.toBeNull());
  act(() => store.getState().undo());

  expect(keptDraft("w1")).toBeNull();
});

it("says that it was not saved, and tries again when told to", async () => {
  let first = true;
  const { store, type } = open(() => {
    if (!first) return answer(4);
    first = false;
    return new Refusal(503, { code: "database.busy", message: "the database is busy" });
  });

  type("text");
  await press("save");
  await waitFor(() => expect(state()).toBe("failed"));
  expect(store.getState().notice?.text).toMatch(/not saved/);
  await press("save");

  await waitFor(() => expect(state()).toBe("saved"));
});
