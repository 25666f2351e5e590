/** The graph that the run goes by, of its own version, with the states of its steps. */
import { Network } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import type { RunDefinition } from "@/api/runDefinition";
import { EmptyState, Skeleton } from "@/ui/placeholders";

interface CanvasProps {
  definition: RunDefinition;
  executionId: string;
  selected: string | null;
  onSelect: (nodeId: string | null) => void;
}

type Module = { ReadOnlyCanvas?: ComponentType<CanvasProps>; default?: ComponentType<CanvasProps> };

// The canvas is the editor's; it is loaded with the tab, and the page works without it.
const found = import.meta.glob<Module>("../editor/canvas/ReadOnlyCanvas.tsx");
const load = Object.values(found)[0];
const Canvas: ComponentType<CanvasProps> | undefined =
  load &&
  lazy(async (): Promise<{ default: ComponentType<CanvasProps> }> => {
    const module = await load();
    return { default: module.ReadOnlyCanvas ?? module.default ?? Missing };
  });

interface GraphTabProps extends Omit<CanvasProps, "definition"> {
  definition: RunDefinition | undefined;
  loading: boolean;
}

/** The tab. */
export function GraphTab({ definition, loading, ...rest }: GraphTabProps) {
  if (!definition && loading) return <Skeleton lines={6} />;
  if (!definition || !Canvas) return <Missing />;
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <div className="h-full min-h-80">
        <Canvas definition={definition} {...rest} />
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
