/** Drawing a schema: what is not known survives, and order is kept. */
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "@/contracts/json";
import { TooltipProvider } from "@/ui/Tooltip";
import {
  addField,
  FIELD_TYPES,
  type FieldType,
  fieldTypeOf,
  isBuildable,
  moveField,
  removeField,
  renameField,
  requiring,
  withFieldType,
} from "./builderEdits";
import { SchemaBuilder } from "./SchemaBuilder";
import { SchemaView } from "./SchemaView";

const known = {
  $comment: "kept",
  type: "object",
  properties: {
    a: { type: "string", "x-own": 1, title: "A", maxLength: 20 },
    b: { type: "integer" },
  },
  required: ["a", "b"],
};

describe("edits of a schema", () => {
  test("keep keywords that are not known", () => {
    expect(renameField(known, "a", "c")).toEqual({
      ...known,
      properties: { c: known.properties.a, b: known.properties.b },
      required: ["c", "b"],
    });
    expect(withFieldType(known.properties.a, "integer")).toEqual({
      type: "integer",
      "x-own": 1,
      title: "A",
    });
  });

  test("keep the order of fields", () => {
    const moved = moveField(known, "b", -1);

    expect(Object.keys(moved.properties as JsonObject)).toEqual(["b", "a"]);
    expect(moveField(moved, "b", -1)).toEqual(moved);
  });

  test("take a removed field out of what is required", () => {
    expect(removeField(removeField(known, "a"), "b")).toEqual({
      $comment: "kept",
      type: "object",
      properties: {},
    });
  });

  test("refuse a name that is taken", () => {
    expect(renameField(known, "a", "b")).toBe(known);
  });

  test("begin an object where there was nothing", () => {
    expect(requiring(addField({}), "field_1", true)).toEqual({
      type: "object",
      properties: { field_1: { type: "string" } },
      required: ["field_1"],
    });
  });

  test.each(Object.keys(FIELD_TYPES) as FieldType[])("a %s field is read as one", (type) => {
    expect(fieldTypeOf(withFieldType({}, type))).toBe(type);
  });

  test("leave to JSON what is no list of fields", () => {
    expect(isBuildable({ anyOf: [{ type: "object" }, { type: "string" }] })).toBe(false);
    expect(isBuildable({ type: "string" })).toBe(false);
    expect(isBuildable({})).toBe(true);
  });
});

interface Seen {
  schema: JsonObject;
}

function Page({ seen }: { seen: Seen }) {
  const [schema, setSchema] = useState(seen.schema);
  const change = (next: JsonObject) => {
    seen.schema = next;
    setSchema(next);
  };
  return (
    <TooltipProvider>
      <SchemaBuilder label="Inputs" schema={schema} onChange={change} />
    </TooltipProvider>
  );
}

describe("the builder", () => {
  test("draws up a schema with nested fields", async () => {
    const seen: Seen = { schema: {} };
    render(<Page seen={seen} />);
    const user = userEvent.setup();

    await user.click(screen.getByRole("button", { name: "Add field" }));
    const name = screen.getByLabelText("Name of the field field_1");
    await user.clear(name);
    await user.type(name, "lines{Enter}");
    await user.click(screen.getByLabelText("Required lines"));
    await user.selectOptions(screen.getByLabelText("Type of lines"), "List");
    await user.selectOptions(screen.getByLabelText("Each item is"), "Whole number");
    await user.type(screen.getByLabelText("At least items"), "1");

    expect(seen.schema).toEqual({
      type: "object",
      properties: { lines: { type: "array", items: { type: "integer" }, minItems: 1 } },
      required: ["lines"],
    });
  });

  test("shows a schema it cannot draw as JSON, and changes nothing by that", () => {
    const seen: Seen = { schema: { anyOf: [{ type: "object" }, { type: "null" }], $comment: "x" } };
    render(<Page seen={seen} />);

    expect(JSON.parse(screen.getByLabelText<HTMLTextAreaElement>("Inputs as JSON").value)).toEqual(
      seen.schema,
    );
  });
});

test("a schema is shown as a tree", () => {
  render(<SchemaView schema={{ ...known, properties: { ...known.properties, inner: known } }} />);

  expect(screen.getAllByText("whole number")).toHaveLength(2);
  expect(screen.getAllByText("required")).toHaveLength(4);
});
