/** The editor's page: reads the workflow, and opens it. */
import { useQuery } from "@tanstack/react-query";
import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";
import { useParams, useSearchParams } from "react-router";
import { call } from "@/api/call";
import { type EditedWorkflow, useEditedWorkflow } from "@/api/editing";
import { ApiError } from "@/api/errors";
import { WHOLE_RUNS } from "@/api/nodeRuns";
import type { Page } from "@/api/paging";
import { nodeAt } from "@/definition/addresses";
import { arrange } from "@/definition/layout/arrange";
import { withoutOverlaps } from "@/definition/layout/withoutOverlaps";
import { readDocument } from "@/definition/readDocument";
import { NotFound } from "@/ui/NotFound";
import { usePageTitle } from "@/ui/PageHeader";
import { ErrorState, Skeleton } from "@/ui/placeholders";
import { Editor } from "./Editor";
import { createEditorStore, type EditorStore, EditorStoreProvider } from "./store";
import { useRunShown } from "./useRunShown";

/** The page. */
export default function EditorPage() {
  const { workflowId = "" } = useParams();
  const workflow = useEditedWorkflow(workflowId);
  if (workflow.error instanceof ApiError && workflow.error.status === 404) return <NotFound />;
  if (workflow.error)
    return <ErrorState error={workflow.error} onRetry={() => void workflow.refetch()} />;
  if (!workflow.data) return <Skeleton lines={8} />;
  return <OpenEditor key={workflowId} workflow={workflow.data} />;
}

function OpenEditor({ workflow }: { workflow: EditedWorkflow }) {
  const read = readDocument(workflow.definition);
  if (!read.document) return <ErrorState error={new Error(read.problem)} />;
  return <WithStore workflow={workflow} document={withoutOverlaps(read.document, arrange)} />;
}

function WithStore({
  workflow,
  document,
}: {
  workflow: EditedWorkflow;
  document: EditedWorkflow["definition"];
}) {
  const [store] = useState(() =>
    createEditorStore({
      document,
      workflow: {
        id: workflow.id,
        name: workflow.name,
        revision: workflow.revision,
        source: workflow.source,
        version: workflow.compile.version,
      },
      readOnly: workflow.source !== "drawn",
      diagnostics: workflow.compile.diagnostics,
      judged: document,
    }),
  );
  const latest = useLatestExecution(workflow.id);
  useEffect(() => store.setState({ lastExecutionId: latest }), [store, latest]);
  useSelectedInAddress(store);
  usePageTitle(workflow.name);
  return (
    <EditorStoreProvider store={store}>
      <ReactFlowProvider>
        <Editor />
      </ReactFlowProvider>
    </EditorStoreProvider>
  );
}

/** Selects the step that the address names, once: the run page leads here with it. */
function useSelectedInAddress(store: EditorStore): void {
  const [params, setParams] = useSearchParams();
  const wanted = params.get("select");
  useEffect(() => {
    if (wanted === null) return;
    if (nodeAt(store.getState().document, wanted)) store.getState().select([wanted]);
    setParams(
      (before) => {
        const made = new URLSearchParams(before);
        made.delete("select");
        return made;
      },
      { replace: true },
    );
  }, [wanted, store, setParams]);
}

/** Returns the execution that is shown, else the newest, whose values stand in for what is not known while one draws. */
function useLatestExecution(workflowId: string): string | null {
  const [shown] = useRunShown();
  const query = useQuery({
    queryKey: ["executions", "latest", workflowId, shown],
    queryFn: () =>
      call<Page<{ id: string }>>("GET", "/api/executions/", {
        query: { workflow: workflowId, page_size: 1, trigger: WHOLE_RUNS },
      }),
  });
  return shown ?? query.data?.results[0]?.id ?? null;
}
