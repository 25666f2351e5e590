/** The fields that only nodes of one type have. */
import type { ComponentType } from "react";
import { ApprovalFields } from "./ApprovalFields";
import { BranchFields } from "./BranchFields";
import { ForeachFields } from "./ForeachFields";
import { LoopFields } from "./LoopFields";
import { MapFields } from "./MapFields";
import { AgentFields, BailFields } from "./OtherFields";
import { StepFields } from "./StepFields";
import { ToolFields } from "./ToolFields";
import type { NodeFieldsProps } from "./types";
import { EventFields, SleepFields, SleepUntilFields } from "./WaitingFields";
import { WorkflowFields } from "./WorkflowFields";

const BY_TYPE: Record<string, ComponentType<NodeFieldsProps>> = {
  tool: ToolFields,
  step: StepFields,
  workflow: WorkflowFields,
  map: MapFields,
  branch: BranchFields,
  loop: LoopFields,
  foreach: ForeachFields,
  sleep: SleepFields,
  sleep_until: SleepUntilFields,
  wait_for_event: EventFields,
  approval: ApprovalFields,
  bail: BailFields,
  agent: AgentFields,
};

/** What each type is called. */
export const TYPE_WORDS: Record<string, string> = {
  tool: "Tool",
  step: "Python step",
  workflow: "Workflow",
  map: "Map",
  branch: "Branch",
  loop: "Loop",
  foreach: "For each",
  sleep: "Wait for a time",
  sleep_until: "Wait until a moment",
  wait_for_event: "Wait for an event",
  approval: "Approval",
  bail: "End early",
  agent: "Agent",
};

/** The fields; a type that is not known has none that could be drawn. */
export function NodeFields(props: NodeFieldsProps) {
  const Fields = BY_TYPE[props.node.type];
  if (Fields) return <Fields {...props} />;
  return (
    <p className="text-muted text-sm">
      A step of the type “{props.node.type}” can only be changed as JSON.
    </p>
  );
}
