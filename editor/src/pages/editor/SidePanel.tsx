/** Left of the canvas: the outline, what can be added, and what is wrong. */
import { Badge } from "@/ui/Badge";
import { Tabs } from "@/ui/Tabs";
import type { InsertPlace } from "./canvas/RunContext";
import { Outline } from "./outline/Outline";
import type { PaletteEntry } from "./palette/entries";
import { Palette } from "./palette/Palette";
import { ProblemsPanel } from "./problems/ProblemsPanel";
import { useEditor, useReadOnly } from "./store";

export type SideTab = "outline" | "add" | "problems";

interface SidePanelProps {
  tab: SideTab;
  onTab: (tab: SideTab) => void;
  executionId: string | null;
  onInsert: (where: InsertPlace) => void;
  onChoose: (entry: PaletteEntry) => void;
}

/** The panel; it fills its parent. */
export function SidePanel({ tab, onTab, executionId, onInsert, onChoose }: SidePanelProps) {
  const readOnly = useReadOnly();
  const count = useEditor((state) => state.diagnostics.length);
  const isBad = useEditor((state) => state.diagnostics.some((one) => one.severity === "error"));
  const tabs = [
    {
      id: "outline",
      label: "Outline",
      content: <Outline executionId={executionId} onInsert={onInsert} />,
    },
    ...(readOnly
      ? []
      : [{ id: "add", label: "Add", content: <Palette onChoose={onChoose} draggable /> }]),
    {
      id: "problems",
      label: (
        <span className="flex items-center gap-1">
          Problems {count > 0 && <Badge tone={isBad ? "danger" : "warning"}>{count}</Badge>}
        </span>
      ),
      content: <ProblemsPanel />,
    },
  ];
  return (
    <div data-editor-panel className="flex h-full min-h-0 flex-col bg-surface">
      <Tabs
        tabs={tabs}
        value={tab}
        onChange={(id) => onTab(id as SideTab)}
        label="Parts of the workflow"
        className="h-full pt-1"
      />
    </div>
  );
}
