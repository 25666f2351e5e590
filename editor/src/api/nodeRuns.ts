/** What one step of a workflow did in its last runs: the last that went well, the last that failed. */
import { useQuery } from "@tanstack/react-query";
import { call } from "./call";
import { type ExecutionSummary, executionAddress, type StepRecord } from "./execution";
import type { Page } from "./paging";

export interface NodeRun {
  execution: ExecutionSummary;
  run: StepRecord;
}

export interface NodeRuns {
  good: NodeRun | null;
  failed: NodeRun | null;
}

/** So many executions are looked through, newest first; most workflows need one or two. */
const LOOKED_THROUGH = 8;

/** How a whole workflow is started: tests of one step are executions too, and have no real input. */
export const WHOLE_RUNS = "api,admin,cli,python,rerun,schedule,failure";

/** Returns the query of a step's last good and last failed run; `latest` is the newest execution. */
export function useNodeRuns(workflowId: string, nodeId: string, latest: string | null) {
  return useQuery({
    queryKey: ["executions", "of step", workflowId, nodeId, latest],
    queryFn: () => nodeRuns(workflowId, nodeId),
    staleTime: 10_000,
  });
}

async function nodeRuns(workflowId: string, nodeId: string): Promise<NodeRuns> {
  const query = { workflow: workflowId, page_size: LOOKED_THROUGH, trigger: WHOLE_RUNS };
  const { results } = await call<Page<ExecutionSummary>>("GET", "/api/executions/", { query });
  const found: NodeRuns = { good: null, failed: null };
  for (const execution of results) {
    if (found.good && found.failed) break;
    const page = await call<Page<StepRecord>>("GET", executionAddress(execution.id, "steps/"), {
      query: { key: nodeId, page_size: 50 },
    });
    const good = page.results.findLast((run) => run.status === "completed");
    const failed = page.results.findLast((run) => run.status === "failed");
    if (good && !found.good) found.good = { execution, run: good };
    if (failed && !found.failed) found.failed = { execution, run: failed };
  }
  return found;
}
