/** What a tool or a Python step says that it puts out. */
import { usePythonStep, useTool } from "@/api/authoring";
import type { NodeDoc } from "@/definition/document";
import { SchemaView } from "@/schema/SchemaView";
import { textIn } from "./nodes/types";
import { Section } from "./Section";

/** The part of the inspector about output; nothing for nodes that describe none. */
export function OutputPart({ node }: { node: NodeDoc }) {
  const tool = useTool(node.type === "tool" ? textIn(node, "tool") : "");
  const step = usePythonStep(node.type === "step" ? textIn(node, "step") : "");
  const schema = tool.data?.output_schema ?? step.data?.output_schema;
  if (!schema) return null;
  return (
    <Section title="What it puts out" summary={`steps.${node.id}`}>
      <SchemaView schema={schema} />
    </Section>
  );
}
