/** Runs this step alone, as it is drawn now, with input that can be changed; the result inline. */
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTestStep } from "@/api/authoring";
import type { NodeRun } from "@/api/nodeRuns";
import type { NodeDoc } from "@/definition/document";
import { isPreview } from "@/execution/preview";
import { inputProblems } from "@/run/inputProblems";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";
import { useEditorStore } from "../../store";
import { useInputSchema } from "../InputPart";
import { Section } from "../Section";
import { type Given, missingIn, sampleOf } from "./sampleOf";
import { TestResult } from "./TestResult";

interface TestStepProps {
  node: NodeDoc;
  workflowId: string;
  /** The run whose data can be taken. */
  past: NodeRun | null;
}

/** The form, the button and the result. */
export function TestStep({ node, workflowId, past }: TestStepProps) {
  const store = useEditorStore();
  const schema = useInputSchema(node);
  const test = useTestStep(workflowId);
  const [from, setFrom] = useState<"past" | "own">(past ? "past" : "own");
  const [typed, setTyped] = useState<{ value: unknown } | null>(null);
  const [given, setGiven] = useState<Given>({});
  const [broken, setBroken] = useState(false);
  const usable = past && !isPreview(past.run.input) ? past.run.input : undefined;
  const value = typed ? typed.value : (usable ?? defaultsOf(schema) ?? {});
  const problems = inputProblems(test.error, "/input");
  const missing = [...new Set([...Object.keys(given), ...missingIn(test.error)])];
  const sample = sampleOf(given);
  const begin = () =>
    test.mutate({
      node_id: node.id,
      definition: store.getState().document,
      ...(from === "own" ? { input: value } : {}),
      ...(past ? { execution_id: past.execution.id, key: past.run.key } : {}),
      ...(sample ? { sample } : {}),
    });
  return (
    <Section title="Test this step" open>
      <p className="text-muted text-xs">
        Runs this step alone, as it is drawn now, and for real: a tool that writes, writes.
      </p>
      <Select
        aria-label="Input of the test"
        options={[
          { value: "past", label: "With the data of the run above", disabled: past === null },
          { value: "own", label: "With input of my own" },
        ]}
        value={from}
        onChange={(next) => setFrom(next as "past" | "own")}
      />
      {from === "own" && (
        <SchemaForm
          label="Input"
          schema={schema}
          value={value}
          errors={problems}
          onChange={(next) => setTyped({ value: next })}
          onBrokenChange={setBroken}
        />
      )}
      {missing.map((name) => (
        <SchemaForm
          key={name}
          label={name}
          schema={null}
          value={given[name]}
          onChange={(next) => setGiven({ ...given, [name]: next })}
        />
      ))}
      <Button
        className="self-start"
        icon={FlaskConical}
        busy={test.isPending}
        disabledReason={broken && from === "own" ? "The input is not JSON yet" : null}
        onClick={begin}
      >
        Test this step
      </Button>
      {test.error && problems.length === 0 && (
        <p role="alert" className="text-danger text-sm">
          {messageOf(test.error)}
          {missingIn(test.error).length > 0 &&
            ". Give the values above, or run the workflow first."}
        </p>
      )}
      {test.data && (
        <TestResult key={test.data.execution_id} executionId={test.data.execution_id} node={node} />
      )}
    </Section>
  );
}
