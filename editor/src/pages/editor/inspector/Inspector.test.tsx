/** The inspector for each type of step: one edit is one undo, and problems lead to their field. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { act, fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { NODE_TYPES } from "@/contracts/generated/definition";
import { addressesOf } from "@/definition/addresses";
import type { Diagnostic } from "@/definition/diagnostics";
import type { DefinitionDoc } from "@/definition/document";
import { answerForServer, open, page } from "./testing/openInspector";

const SAMPLES = join(process.cwd(), "../workflows_app/samples");

beforeEach(answerForServer);

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

    expect(new Set([...types, ...others])).toEqual(new Set([...NODE_TYPES, "unheard_of"]));
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

test("the problems panel leads to a field, unfolding what is around it", async () => {
  const { store } = open(page, "fetch");
  await screen.findByText("Address");

  act(() => store.setState({ focusField: { key: "fetch", place: "/nodes/0/queue" } }));

  const queue = screen.getByLabelText("Queue");
  expect(document.activeElement).toBe(queue);
  expect(queue.closest("details")?.open).toBe(true);
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
