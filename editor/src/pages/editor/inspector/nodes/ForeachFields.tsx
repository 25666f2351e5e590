/** A node that runs its body for each item: of which list, and how many at a time. */
import type { Source } from "@/definition/document";
import { SourceField } from "../fields/SourceField";
import { asHeld, asSource } from "../fields/sourceKinds";
import type { NodeFieldsProps } from "./types";

const LIST = { type: "array", items: {} };
const AT_A_TIME = { type: "integer", minimum: 1, maximum: 50 };

/** The fields of a foreach. */
export function ForeachFields({ node, place, set, readOnly }: NodeFieldsProps) {
  const standing = { node_id: node.id, at: "own" } as const;
  return (
    <>
      <SourceField
        label="Items"
        place={[...place, "items"]}
        standing={standing}
        source={asSource(node.items) as Source | undefined}
        schema={LIST}
        unset="The list that the step before hands over."
        onChange={(source) => set("items", source)}
        disabled={readOnly}
      />
      <SourceField
        label="At a time"
        place={[...place, "concurrency"]}
        standing={standing}
        source={asSource(node.concurrency)}
        schema={AT_A_TIME}
        unset="One after another."
        help="How many items are worked on at once, 50 at most."
        onChange={(source) => set("concurrency", asHeld(source))}
        disabled={readOnly}
      />
    </>
  );
}
