/** To the next and the previous page of a list that is not counted. */
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button } from "./Button";

interface PagerProps {
  previous: string | null;
  next: string | null;
  /** Gets the cursor of the page to show; `null` is the first. */
  onMove: (cursor: string | null) => void;
  /** Whether this is the first page. */
  first: boolean;
}

/** The buttons; nothing where there is one page. */
export function Pager({ previous, next, onMove, first }: PagerProps) {
  if (!previous && !next && first) return null;
  return (
    <nav aria-label="Pages of the list" className="flex justify-end gap-2 px-4 py-3 sm:px-6">
      {!first && (
        <Button small look="quiet" onClick={() => onMove(null)}>
          First page
        </Button>
      )}
      <Button
        small
        icon={ChevronLeft}
        disabledReason={previous ? null : "This is the first page"}
        onClick={() => onMove(previous)}
      >
        Previous
      </Button>
      <Button
        small
        disabledReason={next ? null : "This is the last page"}
        onClick={() => onMove(next)}
      >
        Next
        <ChevronRight aria-hidden className="size-4" />
      </Button>
    </nav>
  );
}
