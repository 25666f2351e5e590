/** A node that runs a registered Python step: which one. */
import { usePythonStep, useStepsNamed } from "@/api/authoring";
import { TextField } from "./TextField";
import { type NodeFieldsProps, textIn } from "./types";

/** The fields of a step node. */
export function StepFields({ node, place, set, readOnly }: NodeFieldsProps) {
  const ref = textIn(node, "step");
  const { data: step } = usePythonStep(ref);
  const { data: known } = useStepsNamed("");
  return (
    <>
      <TextField
        label="Python step"
        required
        place={[...place, "step"]}
        value={ref}
        disabled={readOnly}
        suggestions={(known?.results ?? []).map((one) => ({ value: one.ref, label: one.name }))}
        onChange={(value) => set("step", value ?? "")}
      />
      {step && <p className="text-muted text-xs">{step.description || step.name}</p>}
      {step === null && ref !== "" && (
        <p className="text-warning text-xs">No Python step of this name is registered here.</p>
      )}
    </>
  );
}
