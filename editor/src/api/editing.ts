/** One workflow as the editor works on it: read, judge, save, its versions, its Python source. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { DefinitionDoc } from "@/definition/document";
import { call } from "./call";
import { ApiError } from "./errors";
import type { Page } from "./paging";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** A workflow as the editor reads it: leniently, so that a draft with errors can be mended. */
export type EditedWorkflow = Omit<Schemas["Workflow"], "definition"> & {
  definition: DefinitionDoc;
};
export type Verdict = Schemas["Validation"];
export type VersionRow = Schemas["VersionSummary"];

function at(id: string, rest = ""): string {
  return `/api/workflows/${encodeURIComponent(id)}/${rest}`;
}

/** Returns a workflow as the server has it now. */
export function readWorkflow(id: string): Promise<EditedWorkflow> {
  return call("GET", at(id));
}

/** Returns the query of one workflow; it is not read again by itself, since it is being edited. */
export function useEditedWorkflow(id: string) {
  return useQuery({
    queryKey: ["workflow", id, "edited"],
    queryFn: () => readWorkflow(id),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Returns what the server says of a definition; nothing is saved. */
export function judge(definition: DefinitionDoc, signal: AbortSignal): Promise<Verdict> {
  return call("POST", "/api/workflows/validate/", { body: { definition }, signal });
}

/** Saves a draft if the server still has `revision`.
 *
 * Throws an `ApiError` with the code `revision.conflict` if somebody else was quicker.
 */
export function saveDraft(
  id: string,
  definition: DefinitionDoc,
  revision: number,
): Promise<EditedWorkflow> {
  return call("PUT", at(id), { body: { definition }, headers: { "If-Match": `"${revision}"` } });
}

export interface Conflict {
  revision: number;
  definition: DefinitionDoc;
}

/** Returns what the server has instead, if `error` says that somebody else saved meanwhile. */
export function conflictIn(error: unknown): Conflict | null {
  if (!(error instanceof ApiError) || error.code !== "revision.conflict") return null;
  return (error.details.theirs as Conflict | undefined) ?? null;
}

/** Returns the query of a workflow's versions, the newest first. */
export function useVersions(id: string) {
  return useQuery({
    queryKey: ["workflow", id, "versions"],
    queryFn: () =>
      call<Page<VersionRow>>("GET", at(id, "versions/"), { query: { page_size: 100 } }),
  });
}

/** Returns the query of one version with its definition; `null` asks nothing. */
export function useVersion(id: string, number: number | null) {
  return useQuery({
    queryKey: ["workflow", id, "versions", number],
    queryFn: () =>
      call<VersionRow & { definition: DefinitionDoc }>("GET", at(id, `versions/${number}/`)),
    enabled: number !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Returns the mutation that makes an old version the draft again, as a new version. */
export function useRestore(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, revision }: { number: number; revision: number }) =>
      call<EditedWorkflow>("POST", at(id, `versions/${number}/restore/`), {
        body: {},
        headers: { "If-Match": `"${revision}"` },
      }),
    // Whether it was done or refused, what is known of the draft is of yesterday.
    onSettled: () => client.invalidateQueries({ queryKey: ["workflow", id] }),
  });
}

/** Returns the query of the Python that the saved draft is written as. */
export function usePythonSource(id: string, revision: number) {
  return useQuery({
    queryKey: ["workflow", id, "source", revision],
    queryFn: () => call<{ python: string }>("GET", at(id, "source/")),
    retry: false,
  });
}
