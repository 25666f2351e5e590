/** Runs a workflow from the list: its page opens with the question for its input. */
import { Navigate } from "react-router";
import type { WorkflowRow } from "@/api/workflows";

/** Leads there. */
export function RunFromList({ row }: { row: WorkflowRow; onClose: () => void }) {
  return <Navigate to={`/workflows/${encodeURIComponent(row.id)}?start=1`} />;
}
