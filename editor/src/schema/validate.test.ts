/** What is wrong with a value, and where. */
import { describe, expect, test } from "vitest";
import type { JsonSchema } from "@/contracts/json";
import { defaultsOf, emptyOf, withoutSecrets } from "./defaults";
import { keysOfPath, pointerOfPath, problemsOf } from "./pointers";
import { shapeOf, typeWords } from "./shapes";
import { validate } from "./validate";

const order = {
  type: "object",
  required: ["email", "lines"],
  properties: {
    email: { type: "string", format: "email" },
    note: { type: "string", maxLength: 5 },
    count: { type: "integer", minimum: 1, maximum: 3, default: 2 },
    lines: {
      type: "array",
      minItems: 1,
      items: { type: "object", required: ["sku"], properties: { sku: { type: "string" } } },
    },
    kind: { enum: ["a", "b"] },
    "odd/name": { type: "boolean" },
  },
} satisfies JsonSchema;

describe("validate", () => {
  test("finds nothing wrong with a value that fits", () => {
    expect(validate(order, { email: "a@b.c", lines: [{ sku: "x" }], count: 3 })).toEqual([]);
  });

  test("names each place by its pointer", () => {
    const found = validate(order, {
      email: "nobody",
      note: "too long",
      count: 1.5,
      lines: [{}],
      kind: "c",
      "odd/name": "yes",
    });

    expect(found.map(({ pointer }) => pointer).sort()).toEqual(
      ["/email", "/note", "/count", "/lines/0/sku", "/kind", "/odd~1name"].sort(),
    );
  });

  test.each<[JsonSchema, unknown, boolean]>([
    [{ type: ["string", "null"] }, null, true],
    [{ anyOf: [{ type: "integer", minimum: 3 }, { type: "null" }] }, 2, false],
    [{ anyOf: [{ type: "integer" }, { type: "null" }] }, null, true],
    [{ const: { a: [1] } }, { a: [1] }, true],
    [{ type: "number", multipleOf: 0.1 }, 0.3, true],
    [{ type: "number", exclusiveMinimum: 0 }, 0, false],
    [{ type: "string", pattern: "^a+$" }, "aab", false],
    [{ type: "string", pattern: "^(a+)+$" }, `${"a".repeat(60)}b`, true], // left to the server
    [{ type: "string", minLength: 2 }, "🎉", false],
    [{ type: "array", uniqueItems: true }, [{ a: 1 }, { a: 1 }], false],
    [{ type: "object", additionalProperties: false }, { a: 1 }, false],
    [{ type: "object", additionalProperties: { type: "string" } }, { a: 1 }, false],
    [{ $ref: "#/$defs/N", $defs: { N: { type: "number" } } }, "1", false],
    [{ allOf: [{ required: ["a"] }, { required: ["b"] }] }, { a: 1 }, false],
    [{ type: "string", format: "date" }, "2026-02-30", false],
    [{ type: "string", format: "date-time" }, "2026-02-20T10:00:00+01:00", true],
    [{ type: "string", format: "uri" }, "example.com", false],
    [false, 1, false],
    [true, 1, true],
  ])("%j with %j fits: %s", (schema, value, fits) => {
    expect(validate(schema, value).length === 0).toBe(fits);
  });

  test("says of a value with alternatives what the meant one lacks", () => {
    const schema = { anyOf: [{ type: "string", minLength: 3 }, { type: "integer" }] };

    expect(validate(schema, "ab")[0]?.message).toContain("3 characters");
    expect(validate(schema, true)[0]?.message).toContain("none of the alternatives");
  });
});

describe("defaults", () => {
  test("are filled in at every depth, in a copy", () => {
    const schema = {
      type: "object",
      required: ["inner"],
      properties: {
        a: { default: [1] },
        b: { type: "string" },
        inner: { type: "object", properties: { c: { default: null } } },
        optional: { type: "object", properties: { d: { default: 1 } } },
      },
    };

    const made = defaultsOf(schema) as { a: number[] };
    made.a.push(2);

    expect(made).toEqual({ a: [1, 2], inner: { c: null } });
    expect(schema.properties.a.default).toEqual([1]);
  });

  test("never contain a secret", () => {
    const secret = { type: "string", "x-secret": true, default: "hush" };
    const schema = { type: "object", properties: { key: secret, name: { default: "n" } } };

    expect(defaultsOf(schema)).toEqual({ name: "n" });
    expect(withoutSecrets(schema, { key: "hush", name: "m" })).toEqual({ name: "m" });
  });

  test("an empty value is of the kind that is asked for", () => {
    const kinds: JsonSchema[] = [{ type: "array" }, { type: "object" }, { type: "string" }, true];
    expect(kinds.map((schema) => emptyOf(schema, schema))).toEqual([[], {}, "", null]);
  });
});

describe("shapes", () => {
  test.each<[JsonSchema, string, boolean]>([
    [{ type: "string" }, "string", false],
    [{ type: ["integer", "null"] }, "integer", true],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "string", true],
    [{ enum: ["a", null] }, "choice", true],
    [{ oneOf: [{ const: "a", title: "A" }, { const: "b" }] }, "choice", false],
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, "union", false],
    [{ type: ["string", "number"] }, "union", false],
    [{ properties: {} }, "object", false],
    [{ $ref: "#/$defs/X" }, "json", true],
    [{ $ref: "#" }, "json", true],
    [{}, "json", true],
  ])("%j is edited as %s", (schema, kind, nullable) => {
    expect(shapeOf(schema)).toMatchObject({ kind, nullable });
  });

  test("are named in words", () => {
    const schema = {
      type: "array",
      items: { $ref: "#/$defs/I" },
      $defs: { I: { type: "integer" } },
    };
    expect(typeWords(schema)).toBe("list of whole number");
    expect(typeWords({ type: ["string", "null"], format: "email" })).toBe("e-mail or nothing");
  });
});

describe("server problems", () => {
  test("are read as pointers", () => {
    expect(pointerOfPath('nested.items[0]["a/b"].c')).toBe("/nested/items/0/a~1b/c");
    expect(pointerOfPath(".")).toBe("");
    expect(keysOfPath("a b")).toBeNull();
    expect(problemsOf({ problems: [{ path: "a", message: "m" }, 3] })).toEqual([
      { pointer: "/a", message: "m" },
    ]);
    expect(problemsOf("text")).toEqual([]);
  });
});
