/** New names in paths, expressions and templates, and nowhere else. */
import { expect, test } from "vitest";
import {
  type Renaming,
  renameInExpression,
  renameInPath,
  renameInSource,
  stepsReadBy,
} from "./renaming";

const STEP: Renaming = { path: ["steps", "fetch"], to: "load" };

test.each([
  ["steps.fetch.json.items[0]", "steps.load.json.items[0]"],
  ["  steps.fetch", "  steps.load"],
  ['steps["fetch"].a', "steps.load.a"],
  ["steps['fetch'][0]", "steps.load[0]"],
  ["steps.fetch-2.a", "steps.fetch-2.a"],
  ["steps.fetched", "steps.fetched"],
  ["inputs.steps.fetch", "inputs.steps.fetch"],
  ["steps", "steps"],
  ["", ""],
])("the path %s becomes %s", (text, renamed) => {
  expect(renameInPath(text, STEP)).toBe(renamed);
});

test.each([
  ["size(steps.fetch.text) > 3", "size(steps.load.text) > 3"],
  ["steps . fetch // steps.fetch", "steps .load // steps.fetch"],
  ["steps['fetch'].a + steps[\"fetch\"].b", "steps.load.a + steps.load.b"],
  ["'steps.fetch' + r'\\' + steps.fetch", "'steps.fetch' + r'\\' + steps.load"],
  ['"""steps.fetch""" == steps.fetch', '"""steps.fetch""" == steps.load'],
  ["input.steps.fetch", "input.steps.fetch"],
  ["steps.fetcher || has(steps.fetch.a)", "steps.fetcher || has(steps.load.a)"],
  ["steps.fetch.map(x, x.fetch)", "steps.load.map(x, x.fetch)"],
  ["steps.fetch +", "steps.load +"],
  ["'never closed steps.fetch", "'never closed steps.fetch"],
])("the expression %s becomes %s", (text, renamed) => {
  expect(renameInExpression(text, STEP)).toBe(renamed);
});

test("a name that is no word is written in brackets", () => {
  expect(renameInPath("steps.fetch.a", { ...STEP, to: "load-it" })).toBe('steps["load-it"].a');
  expect(renameInExpression("steps.fetch.a", { ...STEP, to: "2nd" })).toBe('steps["2nd"].a');
});

test("in a template only what stands in braces is renamed", () => {
  const source = {
    template: "steps.fetch: {{ steps.fetch.a }} {{ '}}' + steps.fetch.b }} {{ steps.fetch",
  };

  expect(renameInSource(source, STEP)).toEqual({
    template: "steps.fetch: {{ steps.load.a }} {{ '}}' + steps.load.b }} {{ steps.fetch",
  });
});

test("a literal value that looks like a source is left alone", () => {
  const source = { value: { from: "steps.fetch" } };

  expect(renameInSource(source, STEP)).toBe(source);
});

test("a longer path is renamed at its last part only", () => {
  const renaming: Renaming = { path: ["steps", "route", "big"], to: "large" };

  expect(renameInExpression("steps.route.big.big + steps.big", renaming)).toBe(
    "steps.route.large.big + steps.big",
  );
});

test.each([
  [{ from: "steps.a.b" }, ["a"]],
  [{ from: 'steps["x-y"]' }, ["x-y"]],
  [{ from: "inputs.a" }, []],
  [{ expression: "steps.a.x + steps['b'] + item.steps.c + 'steps.d'" }, ["a", "b"]],
  [{ template: "steps.a {{ steps.b }} {{ steps.c" }, ["b"]],
  [{ value: "steps.a" }, []],
  ["steps.a", []],
])("%j reads %j", (source, ids) => {
  expect([...stepsReadBy(source)]).toEqual(ids);
});
