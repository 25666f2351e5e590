/**
 * What the server tells about a document while it is being written: what a place may read, what a
 * source comes to, what one step does on its own.  Nothing here saves anything.
 */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import type { JsonSchema } from "@/contracts/json";
import { call } from "./call";
import { ApiError } from "./errors";
import type { Page } from "./paging";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** What one source may read, as it is written in an expression. */
export type ScopeName = Schemas["NameShape"];
export type Scope = Schemas["ScopeShape"];
export type Preview = Schemas["SourcePreviewShape"];
export type ToolInfo = Schemas["Tool"];
export type StepInfo = Schemas["PythonStep"];
export type TestRequest = Schemas["TryBody"];

/** Where a source stands: in a node's `input`, in its own fields, or after its body. */
export interface Standing {
  node_id?: string;
  at: "input" | "own" | "end";
  case?: string;
}

/** Returns the query of what a place may read; `version` tells one document from another. */
export function useScope(
  document: object,
  version: number,
  standing: Standing,
  executionId: string | null,
  enabled: boolean,
) {
  return useQuery({
    queryKey: ["authoring", "scope", version, standing, executionId],
    queryFn: () =>
      call<Scope>("POST", "/api/workflows/scope/", {
        body: { definition: document, ...standing, ...taken(executionId) },
      }),
    enabled,
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** Returns the query of what a source or a condition comes to with the data of `executionId`. */
export function usePreview(
  document: object,
  version: number,
  standing: Standing,
  what: { source?: unknown; condition?: string },
  executionId: string | null,
  enabled: boolean,
) {
  return useQuery({
    queryKey: ["authoring", "preview", version, standing, what, executionId],
    queryFn: () =>
      call<Preview>("POST", "/api/workflows/preview/", {
        body: { definition: document, ...standing, ...what, ...taken(executionId) },
      }),
    enabled,
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** Returns the query of one tool; `null` data for a name that nobody registered. */
export function useTool(name: string) {
  return useQuery({
    queryKey: ["tools", "one", name],
    queryFn: () => orNull(call<ToolInfo>("GET", `/api/tools/${encodeURIComponent(name)}/`)),
    enabled: name !== "",
    staleTime: 300_000,
  });
}

/** Returns the query of the tools that fit `q`, 50 at most. */
export function useToolsNamed(q: string) {
  return useQuery({
    queryKey: ["tools", "named", q],
    queryFn: () =>
      call<Page<ToolInfo>>("GET", "/api/tools/", { query: { page_size: 50, ...(q ? { q } : {}) } }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** Returns the query of the registered Python steps that fit `q`, 50 at most. */
export function useStepsNamed(q: string) {
  return useQuery({
    queryKey: ["steps", "named", q],
    queryFn: () =>
      call<Page<StepInfo>>("GET", "/api/steps/", { query: { page_size: 50, ...(q ? { q } : {}) } }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** Returns the query of the registered Python step of that reference; `null` where there is none. */
export function usePythonStep(ref: string) {
  const id = ref.split("/").at(-1) ?? ref;
  return useQuery({
    queryKey: ["steps", "one", ref],
    queryFn: async () => {
      const query = { q: id, page_size: 200 };
      const { results } = await call<Page<StepInfo>>("GET", "/api/steps/", { query });
      return (
        results.find((step) => step.ref === ref) ?? results.find((step) => step.id === ref) ?? null
      );
    },
    enabled: ref !== "",
    retry: false,
    staleTime: 60_000,
  });
}

interface NestedWorkflow {
  id: string;
  name: string;
  definition: { inputs?: JsonSchema };
  compile: { version: number | null };
}

/** Returns the query of a workflow that a step may run; `null` for one that is not there. */
export function useNestedWorkflow(id: string) {
  return useQuery({
    queryKey: ["workflow", id, "nested"],
    queryFn: () => orNull(call<NestedWorkflow>("GET", `/api/workflows/${encodeURIComponent(id)}/`)),
    enabled: id !== "",
    staleTime: 60_000,
  });
}

/** Returns the mutation that runs one step of a document on its own. */
export function useTestStep(workflowId: string) {
  return useMutation({
    mutationFn: (body: TestRequest) =>
      call<{ execution_id: string; status: string }>(
        "POST",
        `/api/workflows/${encodeURIComponent(workflowId)}/test-step/`,
        { body },
      ),
  });
}

function taken(executionId: string | null): { execution_id?: string } {
  return executionId ? { execution_id: executionId } : {};
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
