/** Forms made of schemas: defaults, secrets, and values of the right kind. */
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test } from "vitest";
import type { JsonSchema } from "@/contracts/json";
import { TooltipProvider } from "@/ui/Tooltip";
import { defaultsOf } from "./defaults";
import { SchemaForm, type SchemaFormProps } from "./SchemaForm";

interface Seen {
  value: unknown;
}

function Page({ seen, ...form }: Omit<SchemaFormProps, "value" | "onChange"> & { seen: Seen }) {
  const [value, setValue] = useState(seen.value);
  const change = (next: unknown) => {
    seen.value = next;
    setValue(next);
  };
  return (
    <TooltipProvider>
      <SchemaForm {...form} value={value} onChange={change} />
    </TooltipProvider>
  );
}

function open(schema: JsonSchema | null, extra: Partial<SchemaFormProps> = {}): Seen {
  const seen = { value: extra.value ?? defaultsOf(schema) };
  render(<Page {...extra} schema={schema} seen={seen} />);
  return seen;
}

const person = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", title: "Name", examples: ["Ada"] },
    age: { type: "integer", minimum: 0 },
    plan: { enum: ["free", "paid"], default: "free" },
    tags: { type: "array", items: { type: "string" } },
    key: { type: "string", writeOnly: true, default: "hush" },
  },
};

describe("a form", () => {
  test("shows defaults, examples and what is required", () => {
    open(person);

    expect(screen.getByLabelText<HTMLInputElement>(/Name/).placeholder).toBe("Ada");
    expect(screen.getByLabelText(/Name/).getAttribute("aria-required")).toBe("true");
    expect(screen.getByText("Default: free")).toBeTruthy();
  });

  test("masks a secret and never fills it in", () => {
    open(person);

    const field = screen.getByLabelText<HTMLInputElement>("key");

    expect(field.type).toBe("password");
    expect(field.value).toBe("");
  });

  test("makes values of the right kinds, and leaves emptied ones out", async () => {
    const seen = open(person);
    const user = userEvent.setup();

    await user.type(screen.getByLabelText(/Name/), "Bo");
    await user.type(screen.getByLabelText("age"), "7");
    expect(seen.value).toEqual({ name: "Bo", age: 7, plan: "free" });
    await user.clear(screen.getByLabelText("age"));

    expect(seen.value).toEqual({ name: "Bo", plan: "free" });
  });

  test("lets a number be typed over what is no number yet", async () => {
    const seen = open({ type: "number" });

    await userEvent.type(screen.getByLabelText(/Value/), "-1.50");

    expect(screen.getByLabelText<HTMLInputElement>(/Value/).value).toBe("-1.50");
    expect(seen.value).toBe(-1.5);
  });

  test("says what is wrong when the field is left, not before", async () => {
    open(person);
    const user = userEvent.setup();

    await user.type(screen.getByLabelText("age"), "x");
    expect(screen.queryByText("Must be a whole number")).toBeNull();
    await user.tab();

    expect(screen.getByText("Must be a whole number")).toBeTruthy();
    expect(screen.getByLabelText("age").getAttribute("aria-invalid")).toBe("true");
  });

  test("shows the server's problem at its field until the value there changes", async () => {
    open(person, { errors: [{ pointer: "/name", message: "taken" }], value: { name: "Bo" } });

    expect(screen.getByText("taken")).toBeTruthy();
    await userEvent.type(screen.getByLabelText(/Name/), "b");

    expect(screen.queryByText("taken")).toBeNull();
  });

  test("shows a problem without a field on top", () => {
    open(person, { errors: [{ pointer: "/nowhere", message: "is not known" }] });

    expect(screen.getByRole("alert").textContent).toBe("is not known");
  });

  test("adds, moves and removes the items of a list", async () => {
    const seen = open(person, { value: { name: "x", tags: ["a", "b"] } });
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Add item" }));
    await user.type(screen.getByRole("textbox", { name: /^Item 3/ }), "c");
    await user.click(screen.getByRole("button", { name: "Move Item 3 up" }));
    await user.click(screen.getByRole("button", { name: "Remove Item 1" }));

    expect(seen.value).toEqual({ name: "x", tags: ["c", "b"] });
  });

  test("keeps an optional object absent until it is wanted", async () => {
    const inner = { type: "object", properties: { street: { type: "string", default: "Main" } } };
    const seen = open({ type: "object", properties: { address: inner } });

    expect(seen.value).toEqual({});
    await userEvent.click(screen.getByRole("button", { name: "Add address" }));
    expect(seen.value).toEqual({ address: { street: "Main" } });
    await userEvent.click(screen.getByRole("button", { name: "Leave out address" }));

    expect(seen.value).toEqual({});
  });

  test("picks between alternatives by what the value is", async () => {
    const schema = { anyOf: [{ type: "string" }, { type: "integer", title: "Number" }] };
    const seen = open(schema, { value: 4 });

    const picker = screen.getByRole("combobox");
    expect(within(picker).getByRole<HTMLOptionElement>("option", { selected: true }).text).toBe(
      "Number",
    );
    await userEvent.selectOptions(picker, "text");

    expect(seen.value).toBe("");
  });

  test("asks for yes or no where one must be chosen", async () => {
    const seen = open({
      type: "object",
      required: ["approved"],
      properties: { approved: { type: "boolean" } },
    });

    await userEvent.selectOptions(screen.getByLabelText(/approved/), "No");

    expect(seen.value).toEqual({ approved: false });
  });

  test("edits anything as JSON, and holds back what is none", async () => {
    const seen = open(null, { value: { a: 1 } });
    const box = screen.getByRole("textbox");

    await userEvent.clear(box);
    await userEvent.type(box, "{{");
    expect(screen.getByText(/not JSON yet/)).toBeTruthy();
    await userEvent.type(box, "}");

    expect(seen.value).toEqual({});
  });

  test("turns a whole form into JSON and back", async () => {
    const seen = open(person, { value: { name: "Bo" }, label: "Input" });

    await userEvent.click(screen.getByRole("button", { name: "Input: edit as JSON" }));
    const box = screen.getByRole("textbox");
    await userEvent.clear(box);
    await userEvent.click(box);
    await userEvent.paste('{"name": "Eve", "more": 1}');
    await userEvent.click(screen.getByRole("button", { name: "Input: show fields" }));

    expect(seen.value).toEqual({ name: "Eve", more: 1 });
    expect(screen.getByLabelText<HTMLInputElement>(/Name/).value).toBe("Eve");
  });
});
