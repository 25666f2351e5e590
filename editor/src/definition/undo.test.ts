/** Undo and redo: what is one step of them, and what is forgotten. */
import { expect, test } from "vitest";
import type { DefinitionDoc } from "./document";
import { BURST_MS, closed, MAX_ENTRIES, NO_HISTORY, recorded, redone, undone } from "./undo";

const named = (name: string) => ({ document: { name } as DefinitionDoc, selection: [] });

test("what was done is taken back and done again, newest first", () => {
  let history = recorded(NO_HISTORY, named("a"), { label: "one", at: 0 });
  history = recorded(history, named("b"), { label: "two", at: 0 });

  const back = undone(history, named("c"));
  expect(back?.present.document.name).toBe("b");
  expect(back?.label).toBe("two");
  const forth = back && redone(back.history, named("b"));
  expect(forth?.present.document.name).toBe("c");
  expect(forth && undone(forth.history, named("c"))?.present.document.name).toBe("b");
});

test("typing in one field is one entry until it rests or the field is left", () => {
  const typing = (at: number) => ({ label: "type", burst: "name", at });
  let history = recorded(NO_HISTORY, named("a"), typing(0));
  history = recorded(history, named("ab"), typing(BURST_MS - 1));
  expect(history.past).toHaveLength(1);

  history = recorded(history, named("abc"), typing(3 * BURST_MS));
  expect(history.past).toHaveLength(2);
  history = recorded(closed(history), named("abcd"), typing(3 * BURST_MS));
  expect(history.past).toHaveLength(3);
});

test("something new forgets what was taken back", () => {
  const back = undone(recorded(NO_HISTORY, named("a"), { label: "one", at: 0 }), named("b"));
  const history = recorded(back?.history ?? NO_HISTORY, named("a"), { label: "other", at: 0 });

  expect(redone(history, named("c"))).toBeNull();
});

test("a burst that was taken back is not joined", () => {
  const first = recorded(NO_HISTORY, named("a"), { label: "type", burst: "name", at: 0 });
  const back = undone(first, named("b"));
  const history = recorded(back?.history ?? NO_HISTORY, named("a"), {
    label: "type",
    burst: "name",
    at: 1,
  });
  expect(history.past).toHaveLength(1);
  expect(undone(NO_HISTORY, named("a"))).toBeNull();
});

test("only so much is kept", () => {
  let history = NO_HISTORY;
  for (let number = 0; number < MAX_ENTRIES + 50; number += 1)
    history = recorded(history, named(String(number)), { label: "x", at: 0 });
  expect(history.past).toHaveLength(MAX_ENTRIES);
});
