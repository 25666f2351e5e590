/** Whether a workflow's draft compiles, and which version runs. */
import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import type { WorkflowRow } from "@/api/workflows";
import { Badge } from "@/ui/Badge";
import { Tooltip } from "@/ui/Tooltip";

const LOOKS = {
  ok: { word: "Ready", icon: CircleCheck, tone: "neutral" },
  warnings: { word: "Warnings", icon: TriangleAlert, tone: "warning" },
  errors: { word: "Errors", icon: CircleX, tone: "danger" },
} as const;

/** The chip. */
export function CompileChip({ compile }: { compile: WorkflowRow["compile"] }) {
  const { word, icon: Icon, tone } = LOOKS[compile.status];
  const runs =
    compile.version === null
      ? "Nothing of it can run yet."
      : `Version ${compile.version} is the one that runs.`;
  return (
    <Tooltip text={runs}>
      <span>
        <Badge tone={tone}>
          <Icon aria-hidden className="size-3.5" />
          {word}
          {compile.version !== null && <span className="text-muted">{`v${compile.version}`}</span>}
        </Badge>
      </span>
    </Tooltip>
  );
}
