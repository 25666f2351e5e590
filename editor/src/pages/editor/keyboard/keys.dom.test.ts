/** Which keys do what, and which are left to fields and the browser. */
import { expect, test } from "vitest";
import { actionOf, belongsToTarget, isTyping } from "./keys";

const press = (key: string, more: object = {}) =>
  actionOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test("Ctrl and Command mean the same", () => {
  expect(press("s", { ctrlKey: true })).toBe("save");
  expect(press("s", { metaKey: true })).toBe("save");
  expect(press("s")).toBeNull();
});

test("Shift tells undo from redo, and is part of a sign", () => {
  expect(press("z", { ctrlKey: true })).toBe("undo");
  expect(press("Z", { ctrlKey: true, shiftKey: true })).toBe("redo");
  expect(press("?", { shiftKey: true })).toBe("help");
  expect(press("+", { shiftKey: true })).toBe("zoomIn");
});

test("keys with Alt belong to the browser", () => {
  expect(press("1", { altKey: true })).toBeNull();
});

test("what is typed into a field stays there", () => {
  const field = document.createElement("textarea");
  expect(isTyping(field)).toBe(true);
  expect(isTyping(document.createElement("button"))).toBe(false);
});

test("Enter presses the button it is on, and opens the selected step anywhere else", () => {
  expect(belongsToTarget("open", document.createElement("button"))).toBe(true);
  expect(belongsToTarget("open", document.createElement("div"))).toBe(false);
});

test("Delete among the fields of a step leaves the step alone", () => {
  const fields = document.createElement("div");
  fields.dataset.editorPanel = "fields";
  const button = fields.appendChild(document.createElement("button"));

  expect(belongsToTarget("delete", button)).toBe(true);
  expect(belongsToTarget("delete", document.body)).toBe(false);
});
