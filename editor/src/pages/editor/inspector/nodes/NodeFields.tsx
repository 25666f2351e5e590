/** The fields that only nodes of one type have. */
import type { ComponentType } from "react";
import type { NodeType } from "@/contracts/generated/definition";
import { isNodeType } from "@/definition/document";
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

const BY_TYPE: Record<NodeType, ComponentType<NodeFieldsProps>> = {
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

/** The fields; a type that is not known has none that could be drawn. */
export function NodeFields(props: NodeFieldsProps) {
  const { type } = props.node;
  if (isNodeType(type)) {
    const Fields = BY_TYPE[type];
    return <Fields {...props} />;
  }
  return (
    <p className="text-muted text-sm">A step of the type “{type}” can only be changed as JSON.</p>
  );
}
