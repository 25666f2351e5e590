import { expect, test } from "vitest";
import { actionOf, isTyping } from "./keys";

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
