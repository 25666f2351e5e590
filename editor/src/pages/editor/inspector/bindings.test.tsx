/** Where a step's inputs come from: picked, suggested while one types, shown with data. */
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import type { DefinitionDoc } from "@/definition/document";
import { answerForServer, open, page } from "./testing/openInspector";

beforeEach(answerForServer);

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
