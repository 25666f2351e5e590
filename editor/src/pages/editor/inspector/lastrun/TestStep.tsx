/** Runs this step alone, as it is drawn now, with input that can be changed; the result inline. */
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useTestStep } from "@/api/authoring";
import { ApiError } from "@/api/errors";
import type { NodeRun } from "@/api/nodeRuns";
import type { NodeDoc } from "@/definition/document";
import { useExecution } from "@/execution/hooks";
import { isPreview } from "@/execution/preview";
import { FailureNote } from "@/run/FailureNote";
import { inputProblems } from "@/run/inputProblems";
import { ValueView } from "@/run/ValueView";
import { defaultsOf } from "@/schema/defaults";
import { SchemaForm } from "@/schema/SchemaForm";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";
import { StatusChip } from "@/ui/StatusChip";
import { useEditorStore } from "../../store";
import { useInputSchema } from "../InputPart";
import { Section } from "../Section";

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
  const [broken, setBroken] = useState(false);
  const usable = past && !isPreview(past.run.input) ? past.run.input : undefined;
  const value = typed ? typed.value : (usable ?? defaultsOf(schema) ?? {});
  const error = test.error;
  const problems = inputProblems(error, "/input");
  const begin = () =>
    test.mutate({
      node_id: node.id,
      definition: store.getState().document,
      ...(from === "own" ? { input: value } : {}),
      ...(past ? { execution_id: past.execution.id } : {}),
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
      <Button
        className="self-start"
        icon={FlaskConical}
        busy={test.isPending}
        disabledReason={broken && from === "own" ? "The input is not JSON yet" : null}
        onClick={begin}
      >
        Test this step
      </Button>
      {error && problems.length === 0 && <Refusal error={error} />}
      {test.data && (
        <TestResult key={test.data.execution_id} executionId={test.data.execution_id} node={node} />
      )}
    </Section>
  );
}

function Refusal({ error }: { error: unknown }) {
  const missing = error instanceof ApiError ? error.details.missing : undefined;
  return (
    <p role="alert" className="text-danger text-sm">
      {messageOf(error)}
      {Array.isArray(missing) && missing.length > 0 && ` Run these first: ${missing.join(", ")}.`}
    </p>
  );
}

function TestResult({ executionId, node }: { executionId: string; node: NodeDoc }) {
  const { view, error } = useExecution(executionId);
  if (error) return <Refusal error={error} />;
  const runs = view ? [...view.steps.values()] : [];
  const run = runs.find((one) => one.stepId === node.id && one.rounds.length === 0);
  const status = view?.status ?? "pending";
  const failure = run?.error ?? view?.error;
  return (
    <section aria-label="Result of the test" aria-live="polite" className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <StatusChip status={status} />
        <Link className="text-accent text-xs underline" to={`/executions/${executionId}`}>
          Open the test run
        </Link>
      </div>
      {failure && <FailureNote short error={failure} />}
      {status === "completed" && (
        <ValueView value={run?.output ?? view?.output} label="Output" field="output" />
      )}
    </section>
  );
}
