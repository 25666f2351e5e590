/** Reading a root by another way. */
import { expect, test } from "vitest";
import { rerootSource, type Way, waysReadBy } from "./rerooting";

const FROM: Way = ["steps", "fetch"];
const TO: Way = ["inputs", "fetch"];

test.each([
  [{ from: "steps.fetch.json[0]" }, { from: "inputs.fetch.json[0]" }],
  [{ from: "steps.fetch-2.a" }, { from: "steps.fetch-2.a" }],
  [
    { expression: "size(steps['fetch'].a) + steps.other.b" },
    { expression: "size(inputs.fetch.a) + steps.other.b" },
  ],
  [
    { expression: "x.steps.fetch + 'steps.fetch'" },
    { expression: "x.steps.fetch + 'steps.fetch'" },
  ],
  [{ template: "steps.fetch {{ steps.fetch }}" }, { template: "steps.fetch {{ inputs.fetch }}" }],
  [{ value: "steps.fetch" }, { value: "steps.fetch" }],
])("%j is read as %j", (source, made) => {
  expect(rerootSource(source, FROM, TO)).toEqual(made);
});

test("a root alone can be read by another way, and a name of several parts", () => {
  expect(rerootSource({ expression: "item.a + item" }, ["item"], ["inputs", "item"])).toEqual({
    expression: "inputs.item.a + inputs.item",
  });
  expect(rerootSource({ from: "inputs.a" }, ["inputs", "a"], ["inputs", "a b"])).toEqual({
    from: 'inputs["a b"]',
  });
});

test.each([
  [{ from: "steps.my-id.a" }, [["steps", "my-id"]]],
  [{ from: "." }, [["input", null]]],
  [
    { expression: "inputs.a + size(item) + steps[inputs.b]" },
    [
      ["inputs", "a"],
      ["item", null],
      ["steps", null],
      ["inputs", "b"],
    ],
  ],
  [{ expression: "input.contains('x')" }, [["input", null]]],
  [{ template: "{{ state.n }} inputs.a" }, [["state", "n"]]],
])("%j reads %j", (source, ways) => {
  expect(waysReadBy(source)).toEqual(ways);
});
