/** What an execution runs: the definition of its own version, and the schemas of its steps. */
import { useQuery } from "@tanstack/react-query";
import type { JsonSchema } from "@/contracts/json";
import { call } from "./call";

export interface RunDefinition {
  name?: string;
  nodes?: RunNode[];
  [field: string]: unknown;
}

/** A node as a definition writes it. */
export interface RunNode {
  id: string;
  type: string;
  name?: string | null;
  [field: string]: unknown;
}

/** Returns the query of the definition of one version; there is none of version 0, a test. */
export function useRunDefinition(workflow: string | undefined, version: number | undefined) {
  return useQuery({
    queryKey: ["workflow", workflow, "version", version, "definition"],
    queryFn: async () => {
      const path = `/api/workflows/${encodeURIComponent(workflow ?? "")}/versions/${version}/`;
      return (await call<{ definition: RunDefinition }>("GET", path)).definition;
    },
    enabled: Boolean(workflow && version),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Returns the node `id` of a definition, however deep it stands. */
export function nodeIn(definition: unknown, id: string): RunNode | null {
  const stack: unknown[] = [definition];
  while (stack.length) {
    const at = stack.pop();
    if (typeof at !== "object" || at === null) continue;
    const scope = at as { nodes?: RunNode[]; body?: unknown; cases?: unknown };
    for (const node of Array.isArray(scope.nodes) ? scope.nodes : []) {
      if (node.id === id) return node;
      stack.push(node, node.body);
      if (Array.isArray(node.cases)) {
        for (const one of node.cases as { body?: unknown }[]) stack.push(one.body);
      }
    }
  }
  return null;
}

/** Returns the query of the JSON Schema of what `node` puts out; `null` is anything. */
export function useOutputSchema(node: RunNode | null) {
  const tool = node?.type === "tool" && typeof node.tool === "string" ? node.tool : null;
  const step = node?.type === "step" && typeof node.step === "string" ? node.step : null;
  return useQuery({
    queryKey: ["tools", "output-schema", tool, step],
    queryFn: async (): Promise<JsonSchema | null> => {
      if (tool) {
        const path = `/api/tools/${encodeURIComponent(tool)}/`;
        const found = await call<{ output_schema?: JsonSchema | null }>("GET", path);
        return found.output_schema ?? null;
      }
      const page = await call<{ results: { ref: string; output_schema?: JsonSchema | null }[] }>(
        "GET",
        "/api/steps/",
        { query: { q: step ?? "" } },
      );
      return page.results.find((it) => it.ref === step)?.output_schema ?? null;
    },
    enabled: Boolean(tool || step),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
