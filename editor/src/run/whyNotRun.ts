/** Why a workflow cannot be run at the moment, in one sentence.  Pure. */

export interface RunCircumstances {
  /** The editor holds changes that are not saved. */
  dirty?: boolean | undefined;
  /** What compiling says of what is drawn now. */
  diagnostics?: readonly { severity: string }[] | undefined;
  preflight?:
    | { can_run: boolean; reasons: readonly { code: string; message: string }[] }
    | undefined;
  /** Preflight could not be read. */
  unknown?: boolean | undefined;
}

/** Returns the reason, or `null` if it can be run. */
export function whyNotRun(now: RunCircumstances): string | null {
  const errors = (now.diagnostics ?? []).filter((it) => it.severity === "error").length;
  if (errors > 0) return errors === 1 ? "Fix the error to run" : `Fix ${errors} errors to run`;
  if (now.dirty) return "Save the workflow to run what you see";
  if (now.preflight) {
    if (now.preflight.can_run) return null;
    // A missing connection can be made in the dialog: it says which, and leads there.
    const other = now.preflight.reasons.find((it) => it.code !== "connection.missing");
    return other ? sentence(other.message) : null;
  }
  return now.unknown ? "The server cannot be asked whether this can run" : "One moment …";
}

/** Returns `text` with a capital letter at its beginning. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
