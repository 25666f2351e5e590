/** What the server finds in an input, at the fields of its form. */
import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { asksNothing, inputProblems } from "./inputProblems";

function refused(code: string, path: string): ApiError {
  return new ApiError(400, code, "no", { problems: [{ path, message: "wrong" }] });
}

test("paths inside the input become pointers to its fields", () => {
  expect(inputProblems(refused("input.invalid", "lines[0].sku"), "/input")).toEqual([
    { pointer: "/lines/0/sku", message: "wrong" },
  ]);
});

test("pointers into the request lose what leads to the input", () => {
  expect(inputProblems(refused("request.invalid", "/input/name"), "/input")).toEqual([
    { pointer: "/name", message: "wrong" },
  ]);
  expect(inputProblems(refused("request.invalid", "/priority"), "/input")).toEqual([]);
});

test("a closed, empty object and a schema that says nothing ask nothing", () => {
  expect(asksNothing({ type: "object", properties: {} })).toBe(true);
  expect(asksNothing({ type: "object", properties: { name: {} } })).toBe(false);
  expect(asksNothing({ type: "string" })).toBe(false);
  expect(asksNothing({})).toBe(true);
  expect(asksNothing({ description: "anything" })).toBe(false);
});
