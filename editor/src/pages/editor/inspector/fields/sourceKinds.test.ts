/** Changing where a value comes from keeps what can be kept. */
import { expect, test } from "vitest";
import type { Source, SourceKind } from "@/definition/document";
import { asHeld, asSource, converted } from "./sourceKinds";

test.each<[Source | undefined, SourceKind, Source | null]>([
  [{ from: "steps.a.b" }, "expression", { expression: "steps.a.b" }],
  [{ from: "steps.a.b" }, "template", { template: "{{ steps.a.b }}" }],
  [{ expression: "steps.a.b" }, "from", { from: "steps.a.b" }],
  [{ expression: "1 + 2" }, "from", null],
  [{ template: "{{ inputs.x }}" }, "from", { from: "inputs.x" }],
  [{ template: "a {{ inputs.x }}" }, "from", null],
  [{ template: "plain" }, "value", { value: "plain" }],
  [{ template: "a {{ x }}" }, "value", null],
  [{ value: "hello" }, "template", { template: "hello" }],
  [{ value: [1, null] }, "expression", { expression: "[1,null]" }],
  [undefined, "value", null],
  [undefined, "from", null],
  [{ value: 1 }, "value", { value: 1 }],
])("%j as %s is %j", (source, kind, made) => {
  expect(converted(source, kind)).toEqual(made);
});

test("a value that may stand bare stands bare again", () => {
  expect([5, "at noon", { a: 1 }].map((held) => asHeld(asSource(held)))).toEqual([
    5,
    "at noon",
    { a: 1 },
  ]);
  expect(asHeld(asSource({ from: "inputs.x" }))).toEqual({ from: "inputs.x" });
  expect(asHeld(asSource(null))).toBeUndefined();
});
