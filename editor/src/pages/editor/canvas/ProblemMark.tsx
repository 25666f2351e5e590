/** The mark of a node that the server finds fault with; hovering or focusing tells what. */
import { CircleAlert, TriangleAlert } from "lucide-react";
import { gravest } from "@/definition/diagnostics";
import { Tooltip } from "@/ui/Tooltip";
import { useNodeDiagnostics } from "../store";

/** The mark; nothing where all is well. */
export function ProblemMark({ nodeKey }: { nodeKey: string }) {
  const problems = useNodeDiagnostics(nodeKey);
  const worst = gravest(problems);
  if (!worst || worst === "info") return null;
  const Icon = worst === "error" ? CircleAlert : TriangleAlert;
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  return (
    <Tooltip text={problems.map((one) => one.message).join("\n")}>
      <span className={worst === "error" ? "text-danger" : "text-warning"}>
        <Icon aria-hidden className="size-5" />
        <span className="sr-only">{count}</span>
      </span>
    </Tooltip>
  );
}
