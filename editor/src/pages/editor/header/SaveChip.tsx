/** How the document stands against what the server has, in one chip. */
import { Check, CircleAlert, CircleDot, LoaderCircle, TriangleAlert } from "lucide-react";
import { nodesOf } from "@/definition/document";
import { classNames } from "@/ui/classNames";
import type { SaveState } from "../saving/useSaving";
import { useEditor } from "../store";

const LOOKS: Record<SaveState, { icon: typeof Check; word: string; tone: string }> = {
  saved: { icon: Check, word: "Saved", tone: "text-state-completed" },
  unsaved: { icon: CircleDot, word: "Unsaved changes", tone: "text-warning" },
  saving: { icon: LoaderCircle, word: "Saving …", tone: "text-muted" },
  conflict: { icon: TriangleAlert, word: "Conflict", tone: "text-danger" },
  failed: { icon: CircleAlert, word: "Not saved", tone: "text-danger" },
};

/** The chip; announced when it changes. */
export function SaveChip({ state }: { state: SaveState }) {
  const { icon: Icon, word, tone } = LOOKS[state];
  return (
    <span
      role="status"
      className={classNames("inline-flex items-center gap-1 whitespace-nowrap text-xs", tone)}
    >
      <Icon aria-hidden className={classNames("size-4", state === "saving" && "animate-spin")} />
      {word}
    </span>
  );
}

/** The button that says how many problems there are, and opens them. */
export function ProblemChip({ onOpen }: { onOpen: () => void }) {
  const errors = useEditor((state) => state.diagnostics.filter(isError).length);
  const warnings = useEditor((state) => state.diagnostics.length) - errors;
  const version = useEditor((state) => state.workflow.version);
  // Whoever has not begun has made no mistake.
  const isEmpty = useEditor((state) => nodesOf(state.document).length === 0);
  if (isEmpty) return <span className="whitespace-nowrap text-muted text-xs">No steps yet</span>;
  if (errors + warnings === 0) {
    return (
      <span className="whitespace-nowrap text-muted text-xs">
        {version === null ? "Ready" : `Ready, version ${version}`}
      </span>
    );
  }
  const Icon = errors > 0 ? CircleAlert : TriangleAlert;
  return (
    <button
      type="button"
      onClick={onOpen}
      className={classNames(
        "inline-flex items-center gap-1 whitespace-nowrap rounded text-xs hover:underline",
        errors > 0 ? "text-danger" : "text-warning",
      )}
    >
      <Icon aria-hidden className="size-4" />
      {errors > 0 ? counted(errors, "error") : counted(warnings, "warning")}
    </button>
  );
}

function isError(one: { severity: string }): boolean {
  return one.severity === "error";
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
