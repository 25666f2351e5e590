/** What can be done to the chosen executions together; shown while some are chosen. */
import { CircleStop, RotateCcw, Trash2, X } from "lucide-react";
import type { BulkAction } from "@/api/executions";
import { Button, IconButton } from "@/ui/Button";
import type { Selected } from "./selection";

interface BulkBarProps {
  selected: Selected;
  /** How many fit the filter; `null` while that is not known. */
  matching: number | null;
  /** Whether every row of the page is chosen. */
  pageChosen: boolean;
  onAll: () => void;
  onNone: () => void;
  onAction: (action: BulkAction) => void;
}

/** The bar. */
export function BulkBar(props: BulkBarProps) {
  const { selected, matching, pageChosen, onAll, onNone, onAction } = props;
  const many = selected.kind === "rows" ? selected.ids.size : matching;
  return (
    <section
      aria-label="Chosen executions"
      className="sticky top-0 z-10 mx-3 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-accent-soft px-3 py-2 text-sm sm:mx-6"
    >
      <span aria-live="polite" className="font-medium">
        {selected.kind === "all"
          ? `All ${many ?? ""} that fit the filter are chosen`
          : `${many} chosen`}
      </span>
      {selected.kind === "rows" && pageChosen && (
        <Button small look="quiet" onClick={onAll}>
          {matching === null ? "Choose all that fit the filter" : `Choose all ${matching} that fit`}
        </Button>
      )}
      <span className="ml-auto flex flex-wrap gap-2">
        <Button small icon={CircleStop} onClick={() => onAction("cancel")}>
          Cancel…
        </Button>
        <Button small icon={RotateCcw} onClick={() => onAction("retry")}>
          Retry…
        </Button>
        <Button small icon={Trash2} onClick={() => onAction("delete")}>
          Delete…
        </Button>
        <IconButton small icon={X} label="Choose none" onClick={onNone} />
      </span>
    </section>
  );
}
