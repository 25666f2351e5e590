/** Why a workflow cannot be run now, the first reason first. */
import { expect, test } from "vitest";
import { whyNotRun } from "./whyNotRun";

const READY = { can_run: true, reasons: [] };

test("what can be run has no reason", () => {
  expect(whyNotRun({ preflight: READY })).toBeNull();
});

test("errors come before unsaved changes", () => {
  const diagnostics = [{ severity: "error" }, { severity: "error" }, { severity: "warning" }];

  expect(whyNotRun({ diagnostics, dirty: true, preflight: READY })).toBe("Fix 2 errors to run");
});

test("unsaved changes are said", () => {
  expect(whyNotRun({ dirty: true, preflight: READY })).toBe(
    "Save the workflow to run what you see",
  );
});

test("the server's reason is told in its words", () => {
  const reasons = [{ code: "workflow.archived", message: "the workflow is archived" }];

  expect(whyNotRun({ preflight: { can_run: false, reasons } })).toBe("The workflow is archived");
});

test("a missing connection is left to the dialog, which leads to it", () => {
  const reasons = [{ code: "connection.missing", message: "connect an account" }];

  expect(whyNotRun({ preflight: { can_run: false, reasons } })).toBeNull();
});

test("what cannot be asked is not run", () => {
  expect(whyNotRun({ unknown: true })).not.toBeNull();
});
