/** One node: what it does, what it is handed, how it runs; and what it did last. */
import { useState } from "react";
import type { NodeKey } from "@/definition/addresses";
import { placeOf } from "@/definition/addresses";
import { titleOf } from "@/definition/document";
import { Badge } from "@/ui/Badge";
import { Tabs } from "@/ui/Tabs";
import { nodeLook } from "../nodeLooks";
import { useDocument, useNode, useReadOnly } from "../store";
import { BodyOutputs } from "./BodyOutputs";
import { FieldProblems } from "./FieldProblems";
import { InputPart } from "./InputPart";
import { LastRun } from "./lastrun/LastRun";
import { NodeBasics } from "./NodeBasics";
import { NodeFields } from "./nodes/NodeFields";
import type { NodeFieldsProps } from "./nodes/types";
import { OutputPart } from "./OutputPart";
import { RunSettings } from "./RunSettings";
import { useSetField } from "./useNodeEdit";

/** Fields that show their own problems; those of a body stand at the steps in it. */
const SHOWN_AT_THEIR_FIELD = [
  ...["id", "name", "description", "input", "retry", "timeout", "on_error", "queue", "join"],
  ...["tool", "connection", "step", "workflow", "version", "agent", "prompt", "fields", "mode"],
  ...["cases", "while", "until", "max_iterations", "body", "items", "concurrency", "seconds", "at"],
  ...["event", "title", "form", "context", "assignees", "deadline", "on_deadline", "reminder"],
  "result",
];

/** Types that hand on or make a value by themselves: an input of their own is the exception. */
const QUIET_INPUT = new Set(["sleep", "sleep_until", "wait_for_event", "approval", "bail", "map"]);

/** The inspector of the node at `nodeKey`; nothing once it is gone. */
export function NodeInspector({ nodeKey }: { nodeKey: NodeKey }) {
  const node = useNode(nodeKey);
  const place = placeOf(useDocument(), nodeKey);
  const readOnly = useReadOnly();
  const set = useSetField(nodeKey);
  const [tab, setTab] = useState("setup");
  if (!node || !place) return null;
  const fields: NodeFieldsProps = { nodeKey, node, place, set, readOnly };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-baseline gap-2 px-3 pt-3 pb-1">
        <h2 className="min-w-0 truncate font-semibold text-base">{titleOf(node)}</h2>
        <Badge>{nodeLook(node).word}</Badge>
      </header>
      <Tabs
        className="flex-1"
        label="Parts of the step"
        value={tab}
        onChange={setTab}
        tabs={[
          { id: "setup", label: "Setup", content: <Setup {...fields} /> },
          { id: "run", label: "Last run", content: <LastRun nodeKey={nodeKey} node={node} /> },
        ]}
      />
    </div>
  );
}

function Setup(props: NodeFieldsProps) {
  return (
    <div className="flex flex-col gap-4 p-3">
      <FieldProblems place={props.place} except={SHOWN_AT_THEIR_FIELD} />
      <NodeBasics {...props} />
      <NodeFields {...props} />
      <div>
        {!QUIET_INPUT.has(props.node.type) && <InputPart {...props} />}
        <BodyOutputs {...props} />
        <OutputPart node={props.node} />
        {QUIET_INPUT.has(props.node.type) && <InputPart {...props} />}
        <RunSettings {...props} />
      </div>
    </div>
  );
}
