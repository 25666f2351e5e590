/** The graph that the run goes by, of its own version, with the states of its steps. */
import { Network } from "lucide-react";
import { lazy, Suspense, useCallback } from "react";
import type { DefinitionDoc } from "@/definition/document";
import { readDocument } from "@/definition/readDocument";
import { EmptyState, Skeleton } from "@/ui/placeholders";

// The canvas is the editor's; it is loaded with the tab.
const ReadOnlyCanvas = lazy(() => import("@/pages/editor/canvas/ReadOnlyCanvas"));

interface GraphTabProps {
  definition: DefinitionDoc | undefined;
  loading: boolean;
  executionId: string;
  /** The node that is selected. */
  selected: string | null;
  onSelect: (nodeId: string | null) => void;
}

/** The tab. */
export function GraphTab({ definition, loading, executionId, selected, onSelect }: GraphTabProps) {
  // The canvas tells of every selection, also of the one it was given.
  const choose = useCallback(
    (nodeId: string | null) => {
      if (nodeId !== selected) onSelect(nodeId);
    },
    [selected, onSelect],
  );
  if (!definition && loading) return <Skeleton lines={6} />;
  const document = definition && readDocument(definition).document;
  if (!document) return <Missing />;
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <div className="h-full min-h-80">
        <ReadOnlyCanvas
          definition={document}
          executionId={executionId}
          selected={selected}
          onSelect={choose}
        />
      </div>
    </Suspense>
  );
}

function Missing() {
  return (
    <EmptyState icon={Network} title="There is no graph to show">
      The definition of this version cannot be read. The timeline and the steps tell the same.
    </EmptyState>
  );
}
