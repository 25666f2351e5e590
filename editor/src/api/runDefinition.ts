/** What an execution runs: the definition of its own version, and the schemas of its steps. */
import { useQuery } from "@tanstack/react-query";
import type { JsonSchema } from "@/contracts/json";
import type { DefinitionDoc, NodeDoc } from "@/definition/document";
import { call } from "./call";
import type { Page } from "./paging";
import type { components } from "./schema";

type Schemas = components["schemas"];

/** Returns the query of the definition of one version; there is none of version 0, a test. */
export function useRunDefinition(workflow: string | undefined, version: number | undefined) {
  return useQuery({
    queryKey: ["workflow", workflow, "version", version, "definition"],
    queryFn: async () => {
      const path = `/api/workflows/${encodeURIComponent(workflow ?? "")}/versions/${version}/`;
      return (await call<{ definition: DefinitionDoc }>("GET", path)).definition;
    },
    enabled: Boolean(workflow && version),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Returns the query of the JSON Schema of what `node` puts out; `null` is anything. */
export function useOutputSchema(node: NodeDoc | null) {
  const tool = node?.type === "tool" && typeof node.tool === "string" ? node.tool : null;
  const step = node?.type === "step" && typeof node.step === "string" ? node.step : null;
  return useQuery({
    queryKey: ["tools", "output-schema", tool, step],
    queryFn: async (): Promise<JsonSchema | null> => {
      if (tool) {
        const path = `/api/tools/${encodeURIComponent(tool)}/`;
        const found = await call<Schemas["Tool"]>("GET", path);
        return found.output_schema ?? null;
      }
      const page = await call<Page<Schemas["PythonStep"]>>("GET", "/api/steps/", {
        query: { q: step ?? "" },
      });
      return page.results.find((it) => it.ref === step)?.output_schema ?? null;
    },
    enabled: Boolean(tool || step),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
