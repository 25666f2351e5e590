/** What a node is handed: by itself what the steps before put out, or fields with sources. */
import { useNestedWorkflow, usePythonStep, useTool } from "@/api/authoring";
import type { JsonSchema } from "@/contracts/json";
import { isObject } from "@/contracts/json";
import { neighbours } from "@/definition/addresses";
import type { NodeDoc } from "@/definition/document";
import { pointer } from "@/definition/pointer";
import { shapeOf } from "@/schema/shapes";
import { propertiesOf } from "@/schema/types";
import { Button } from "@/ui/Button";
import { Checkbox } from "@/ui/inputs";
import { useDocument } from "../store";
import { useSettled } from "./Authoring";
import { FieldProblems } from "./FieldProblems";
import { FieldsEditor } from "./fields/FieldsEditor";
import { type NodeFieldsProps, textIn } from "./nodes/types";
import { Section } from "./Section";

/** The part of the inspector about input. */
export function InputPart({ nodeKey, node, place, set, readOnly }: NodeFieldsProps) {
  const schema = useInputSchema(node);
  const before = neighbours(useDocument(), nodeKey).before;
  const own = isObject(node.input);
  const known = schema ? propertiesOf(shapeOf(schema).schema).map(([name]) => name) : [];
  const at = [...place, "input"];
  const from =
    before.length === 0
      ? "the workflow's input"
      : `what ${before.join(", ")} ${before.length > 1 ? "put" : "puts"} out`;
  return (
    <Section
      title="Input"
      summary={own ? `${Object.keys(node.input as object).length} fields` : "handed over"}
      open={own || known.length > 0}
    >
      <div data-place={pointer(...at)} className="flex flex-col gap-4">
        <div className="flex items-start gap-2">
          <p className="flex-1 text-muted text-xs">
            {own
              ? "It receives these fields and nothing else."
              : `It receives ${from}. Set a field, and it receives the fields set here instead.`}
          </p>
          {own && !readOnly && (
            <Button small look="quiet" onClick={() => set("input", undefined)}>
              Hand over instead
            </Button>
          )}
        </div>
        <FieldsEditor
          label="the input"
          place={at}
          standing={{ node_id: node.id, at: "input" }}
          fields={node.input}
          schema={schema}
          onChange={(fields) => set("input", fields)}
          disabled={readOnly}
        />
        <FieldProblems
          place={at}
          except={[...known, ...Object.keys(own ? (node.input as object) : {})]}
        />
        {(node.collect === true || (!own && before.length === 1)) && (
          <CollectField node={node} set={set} readOnly={readOnly} />
        )}
      </div>
    </Section>
  );
}

function CollectField({ node, set, readOnly }: Pick<NodeFieldsProps, "node" | "set" | "readOnly">) {
  return (
    <div className="flex items-start gap-2">
      <Checkbox
        id={`collect-${node.id}`}
        checked={node.collect === true}
        disabled={readOnly}
        onChange={(checked) => set("collect", checked || undefined)}
      />
      <label htmlFor={`collect-${node.id}`} className="text-xs">
        Key what is handed over by the step it comes from, even if it is only one
      </label>
    </div>
  );
}

const TYPED_MS = 400;
const NAMED_BY: Record<string, string> = { tool: "tool", step: "step", workflow: "workflow" };

/** The schema of what a node takes, where one is registered. */
export function useInputSchema(node: NodeDoc): JsonSchema | null {
  const { type } = node;
  const field = NAMED_BY[type];
  // Half a name is nobody's.
  const name = useSettled(field ? textIn(node, field) : "", TYPED_MS);
  const tool = useTool(type === "tool" ? name : "");
  const step = usePythonStep(type === "step" ? name : "");
  const nested = useNestedWorkflow(type === "workflow" ? name : "");
  if (type === "tool") return tool.data?.input_schema ?? null;
  if (type === "step") return step.data?.input_schema ?? null;
  return type === "workflow" ? (nested.data?.definition.inputs ?? null) : null;
}
