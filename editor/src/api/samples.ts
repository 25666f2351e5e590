/** Workflows to start from: samples, and documents from elsewhere.  Saves nothing. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { call } from "./call";
import type { Page } from "./paging";

/** The one that runs as it is and needs nothing. */
export const FIRST_SAMPLE = "welcome-message";

export interface Note {
  code: string;
  path: string;
  message: string;
}

export interface Sample {
  name: string;
  title: string;
  description: string;
  kind: "celeriac" | "agipo";
  node_types: string[];
  node_count: number;
}

export type SampleRecord = Sample & { definition: Record<string, unknown>; notes: Note[] };

export interface Imported {
  kind: "celeriac" | "agipo";
  definition: Record<string, unknown>;
  /** What could not be carried over. */
  notes: Note[];
  compile: {
    status: "ok" | "warnings" | "errors";
    diagnostics: { code: string; severity: string; message: string; fix: string | null }[];
  };
}

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
