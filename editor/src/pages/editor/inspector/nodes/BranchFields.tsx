/** A node that goes one way or another: its cases in order, with a condition each. */
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { addCase, moveCase, removeCase, setCase } from "@/definition/commands/cases";
import { type CaseDoc, casesOf } from "@/definition/document";
import { CommandError } from "@/definition/edit";
import { type Place, pointer } from "@/definition/pointer";
import { Button, IconButton } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { useEditorStore } from "../../store";
import { ConditionField } from "../conditions/ConditionField";
import { FieldProblems } from "../FieldProblems";
import { type NodeFieldsProps, textIn } from "./types";

const ALWAYS = "true";

/** The fields of a branch. */
export function BranchFields({ nodeKey, node, place, set, readOnly }: NodeFieldsProps) {
  const store = useEditorStore();
  const cases = casesOf(node);
  const mode = textIn(node, "mode") || "all";
  const last = cases.at(-1);
  const hasOtherwise = last?.when === ALWAYS;
  const { run } = store.getState();
  return (
    <>
      <div data-place={pointer(...place, "mode")}>
        <Field label="Which cases run">
          {(parts) => (
            <Select
              {...parts}
              disabled={readOnly}
              options={[
                { value: "all", label: "Every case whose condition holds" },
                { value: "first", label: "The first case whose condition holds" },
              ]}
              value={mode}
              onChange={(next) => set("mode", next)}
            />
          )}
        </Field>
      </div>
      <div data-place={pointer(...place, "cases")} className="flex flex-col gap-2">
        <h3 className="font-semibold text-sm">Cases</h3>
        {cases.map((one, index) => (
          <CaseRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a case is addressed by its place
            key={index}
            nodeKey={nodeKey}
            nodeId={node.id}
            one={one}
            index={index}
            count={cases.length}
            place={[...place, "cases", index]}
            otherwise={mode === "first" && index === cases.length - 1 && one.when === ALWAYS}
            readOnly={readOnly}
          />
        ))}
        <FieldProblems place={[...place, "cases"]} except={cases.keys()} />
        <div className="flex gap-2">
          <Button
            small
            icon={Plus}
            disabled={readOnly}
            onClick={() => run((document) => addCase(document, nodeKey))}
          >
            Add case
          </Button>
          {mode === "first" && !hasOtherwise && (
            <Button
              small
              icon={Plus}
              disabled={readOnly}
              onClick={() =>
                run((document) => addCase(document, nodeKey, { id: "otherwise", when: ALWAYS }))
              }
            >
              Add otherwise
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

interface CaseRowProps {
  nodeKey: string;
  nodeId: string;
  one: CaseDoc;
  index: number;
  count: number;
  place: Place;
  otherwise: boolean;
  readOnly: boolean;
}

function CaseRow(props: CaseRowProps) {
  const { nodeKey, one, index, count, place, readOnly } = props;
  const store = useEditorStore();
  const { run } = store.getState();
  const [always, setAlways] = useState(props.otherwise);
  const steps = one.body?.nodes?.length ?? 0;
  return (
    <div
      data-place={pointer(...place)}
      className="flex flex-col gap-2 rounded-lg border border-line p-2"
    >
      <div className="flex items-center gap-1">
        <CaseName {...props} />
        <IconButton
          small
          icon={ArrowUp}
          label={`Move the case ${one.id} up`}
          disabled={readOnly || index === 0}
          onClick={() => run((document) => moveCase(document, nodeKey, index, index - 1))}
        />
        <IconButton
          small
          icon={ArrowDown}
          label={`Move the case ${one.id} down`}
          disabled={readOnly || index === count - 1}
          onClick={() => run((document) => moveCase(document, nodeKey, index, index + 1))}
        />
        <IconButton
          small
          icon={Trash2}
          label={`Remove the case ${one.id}${steps ? ` and its ${steps} steps` : ""}`}
          disabled={readOnly || count === 1}
          onClick={() => run((document) => removeCase(document, nodeKey, index))}
        />
      </div>
      {props.otherwise && always ? (
        <div className="flex items-center justify-between text-sm">
          <span>Otherwise: when no case above holds</span>
          <Button small look="quiet" disabled={readOnly} onClick={() => setAlways(false)}>
            Set a condition
          </Button>
        </div>
      ) : (
        <ConditionField
          label="When"
          place={[...place, "when"]}
          standing={{ node_id: props.nodeId, at: "own", case: one.id }}
          value={one.when}
          onChange={(when) =>
            run((document) => setCase(document, nodeKey, index, { when }), {
              burst: `${nodeKey}/cases/${index}/when`,
            })
          }
          disabled={readOnly}
        />
      )}
      <FieldProblems place={place} except={["when", "body"]} />
    </div>
  );
}

/** A new name is taken when the box is left: half a name would be followed everywhere. */
function CaseName({ nodeKey, one, index, readOnly }: CaseRowProps) {
  const store = useEditorStore();
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const settle = () => {
    if (typed === null || typed === one.id) return setTyped(null);
    try {
      const { document, run } = store.getState();
      setCase(document, nodeKey, index, { id: typed });
      run((now) => setCase(now, nodeKey, index, { id: typed }));
      setTyped(null);
      setRefused(null);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      setRefused(error.message);
    }
  };
  return (
    <div className="min-w-0 flex-1">
      <TextInput
        small
        className="font-mono"
        aria-label={`Name of the case ${one.id}`}
        aria-invalid={refused !== null || undefined}
        disabled={readOnly}
        value={typed ?? one.id}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === "Enter") settle();
          if (event.key === "Escape") {
            setTyped(null);
            setRefused(null);
          }
        }}
      />
      {refused && (
        <p role="alert" className="text-danger text-xs">
          {refused}
        </p>
      )}
    </div>
  );
}
