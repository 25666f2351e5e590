/** Nodes with little to say: one that ends the workflow, and agents, which do not run yet. */
import { ResultField } from "../fields/ResultField";
import { SourceField } from "../fields/SourceField";
import { asHeld, asSource } from "../fields/sourceKinds";
import { TextField } from "./TextField";
import { type NodeFieldsProps, textIn } from "./types";

/** The fields of a bail: the result that the workflow ends with. */
export function BailFields({ node, place, set, readOnly }: NodeFieldsProps) {
  return (
    <ResultField
      label="The workflow ends here with"
      byItself="What this step received"
      place={[...place, "result"]}
      standing={{ node_id: node.id, at: "own" }}
      value={node.result}
      onChange={(value) => set("result", value)}
      disabled={readOnly}
    />
  );
}

/** The fields of an agent. */
export function AgentFields({ node, place, set, readOnly }: NodeFieldsProps) {
  return (
    <>
      <p className="rounded-md bg-warning-soft p-2 text-sm text-warning">
        Agents cannot run yet. The workflow can be saved with one, and not be run.
      </p>
      <TextField
        label="Agent"
        required
        place={[...place, "agent"]}
        value={textIn(node, "agent")}
        disabled={readOnly}
        onChange={(value) => set("agent", value ?? "")}
      />
      <SourceField
        label="Prompt"
        place={[...place, "prompt"]}
        standing={{ node_id: node.id, at: "own" }}
        source={asSource(node.prompt)}
        schema={{ type: "string", maxLength: 10_000 }}
        unset="None"
        onChange={(source) => set("prompt", asHeld(source))}
        disabled={readOnly}
      />
    </>
  );
}
