/** Workflows to start from: samples, and documents from elsewhere.  Saves nothing. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { Page } from "./paging";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** The one that runs as it is and needs nothing. */
export const FIRST_SAMPLE = "welcome-message";

export type Note = Schemas["Note"];
export type Sample = Schemas["SampleSummary"];
export type SampleRecord = Schemas["Sample"];
export type Imported = Schemas["Import"];

/** Returns the query of all samples. */
export function useSamples(enabled = true) {
  return useQuery({
    queryKey: ["samples"],
    queryFn: () => call<Page<Sample>>("GET", "/api/samples/"),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}

/** Returns one sample with its definition. */
export function readSample(name: string): Promise<SampleRecord> {
  return call("GET", `/api/samples/${encodeURIComponent(name)}/`);
}

/** Returns the query of one sample with its definition. */
export function useSample(name: string | null) {
  return useQuery({
    queryKey: ["samples", name],
    queryFn: () => readSample(name ?? ""),
    enabled: name !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Returns the mutation that reads a document from elsewhere. */
export function useImport() {
  return useMutation({
    mutationFn: (document: unknown) =>
      call<Imported>("POST", "/api/workflows/import/", { body: { document } }),
  });
}
