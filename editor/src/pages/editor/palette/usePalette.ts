/** Everything that can be added here: constructs, tools, Python steps, other workflows. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { StepInfo, ToolInfo } from "@/api/authoring";
import { call } from "@/api/call";
import type { Page } from "@/api/paging";
import { useWorkflowChoices } from "@/api/workflows";
import { useEditor } from "../store";
import { CONSTRUCTS, type PaletteEntry, stepEntry, toolEntry, workflowEntry } from "./entries";

const STALE_MS = 300_000;
const AT_MOST = 200;

/** Returns the entries, what the server knows as soon as it is there. */
export function usePalette(): readonly PaletteEntry[] {
  const own = useEditor((state) => state.workflow.id);
  const tools = useQuery({
    queryKey: ["tools", "palette"],
    queryFn: () => call<Page<ToolInfo>>("GET", "/api/tools/", { query: { page_size: AT_MOST } }),
    staleTime: STALE_MS,
  });
  const steps = useQuery({
    queryKey: ["steps", "palette"],
    queryFn: () => call<Page<StepInfo>>("GET", "/api/steps/", { query: { page_size: AT_MOST } }),
    staleTime: STALE_MS,
  });
  const workflows = useWorkflowChoices();
  return useMemo(
    () => [
      ...CONSTRUCTS,
      ...(tools.data?.results ?? []).map(toolEntry),
      ...(steps.data?.results ?? []).map(stepEntry),
      ...(workflows.data?.results ?? []).filter((one) => one.id !== own).map(workflowEntry),
    ],
    [tools.data, steps.data, workflows.data, own],
  );
}
