/** A node that repeats its body: while or until a condition holds, and how often at most. */
import { setNodeFields } from "@/definition/commands/fields";
import { pointer } from "@/definition/pointer";
import { Field } from "@/ui/Field";
import { Select, TextInput } from "@/ui/inputs";
import { useEditorStore } from "../../store";
import { ConditionField } from "../conditions/ConditionField";
import { FieldProblems } from "../FieldProblems";
import { type NodeFieldsProps, numberIn } from "./types";

const MOST = 10_000;
const USUAL = 1_000;

/** The fields of a loop. */
export function LoopFields({ nodeKey, node, place, set, readOnly }: NodeFieldsProps) {
  const store = useEditorStore();
  const word = node.while !== undefined && node.while !== null ? "while" : "until";
  const other = word === "while" ? "until" : "while";
  const given = node.max_iterations;
  const many = typeof given === "number" && given > USUAL;
  return (
    <>
      <Field label="Repeat its body">
        {(parts) => (
          <Select
            {...parts}
            disabled={readOnly}
            options={[
              { value: "until", label: "until a condition holds" },
              { value: "while", label: "while a condition holds" },
            ]}
            value={word}
            onChange={(next) => {
              if (next !== word)
                store
                  .getState()
                  .run((document) =>
                    setNodeFields(document, nodeKey, { [word]: undefined, [other]: node[word] }),
                  );
            }}
          />
        )}
      </Field>
      <ConditionField
        label={word === "while" ? "While" : "Until"}
        place={[...place, word]}
        standing={{ node_id: node.id, at: "end" }}
        value={node[word]}
        onChange={(text) => set(word, text)}
        disabled={readOnly}
      />
      <p className="text-muted text-xs">
        Here <code>input</code> is what the body put out. The body runs once at least.
      </p>
      <div data-place={pointer(...place, "max_iterations")} className="flex flex-col gap-1">
        <Field
          label="At most"
          help={many ? `More than ${USUAL} rounds can take long.` : `Rounds; ${USUAL} unless said.`}
        >
          {(parts) => (
            <TextInput
              {...parts}
              type="number"
              min={1}
              max={MOST}
              placeholder={String(USUAL)}
              disabled={readOnly}
              value={numberIn(node, "max_iterations") ?? ""}
              onChange={(event) => {
                const number = event.target.valueAsNumber;
                if (event.target.value === "") set("max_iterations", undefined);
                else if (Number.isInteger(number) && number >= 1) set("max_iterations", number);
              }}
            />
          )}
        </Field>
        <FieldProblems place={[...place, "max_iterations"]} />
      </div>
    </>
  );
}
