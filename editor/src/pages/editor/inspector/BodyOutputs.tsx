/** What the bodies inside a node put out. */
import { scopesIn } from "@/definition/addresses";
import { setScopeOutput } from "@/definition/commands/fields";
import { casesOf } from "@/definition/document";
import { useDocument, useEditorStore } from "../store";
import { ResultField } from "./fields/ResultField";
import type { NodeFieldsProps } from "./nodes/types";
import { Section } from "./Section";

/** A field for the body of a loop, foreach or wait, and for each case of a branch. */
export function BodyOutputs({ nodeKey, node, readOnly }: NodeFieldsProps) {
  const store = useEditorStore();
  const bodies = scopesIn(useDocument(), nodeKey);
  if (bodies.length === 0) return null;
  const said = bodies.filter(({ scope }) => scope.output !== undefined && scope.output !== null);
  const cases = casesOf(node);
  return (
    <Section
      title={bodies.length > 1 ? "What the cases put out" : "What the body puts out"}
      summary={said.length > 0 ? "chosen" : "what its last steps do"}
    >
      {bodies.map((body) => {
        const one = body.caseIndex === null ? undefined : cases[body.caseIndex];
        return (
          <ResultField
            key={body.key}
            label={one ? `The case ${one.id} puts out` : "Each round puts out"}
            byItself="What its last steps put out"
            place={[...body.place, "output"]}
            standing={{ node_id: node.id, at: "end", ...(one ? { case: one.id } : {}) }}
            value={body.scope.output}
            onChange={(output) =>
              store.getState().run((document) => setScopeOutput(document, body.key, output), {
                burst: `${body.key}/output`,
              })
            }
            disabled={readOnly}
          />
        );
      })}
    </Section>
  );
}
