/** The plus below a node.  Seen on hover and selection; the outline and Tab do the same. */
import { Plus } from "lucide-react";
import { useCanvas } from "./RunContext";

interface InsertAfterProps {
  nodeKey: string;
  title: string;
}

/** The button; nothing where nothing may be changed. */
export function InsertAfter({ nodeKey, title }: InsertAfterProps) {
  const { onInsert } = useCanvas();
  if (!onInsert) return null;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={`Add a step after ${title}`}
      onClick={(event) => {
        event.stopPropagation();
        onInsert({ after: nodeKey });
      }}
      className="nodrag -bottom-3 -right-3 absolute z-10 flex size-6 items-center justify-center rounded-full border border-line-strong bg-surface text-muted opacity-0 hover:text-accent focus-visible:opacity-100 [.react-flow\_\_node:hover>*>&]:opacity-100 [.react-flow\_\_node.selected>*>&]:opacity-100"
    >
      <Plus aria-hidden className="size-4" />
    </button>
  );
}
