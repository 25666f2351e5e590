/** The fields that each type of step has of its own. */
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { casesOf, type DefinitionDoc } from "@/definition/document";
import { answerForServer, open, page } from "./testing/openInspector";

beforeEach(answerForServer);

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
