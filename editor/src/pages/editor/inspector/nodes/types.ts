/** What the fields of every node type get. */
import type { NodeKey } from "@/definition/addresses";
import type { NodeDoc } from "@/definition/document";
import type { Place } from "@/definition/pointer";
import type { SetField } from "../useNodeEdit";

export interface NodeFieldsProps {
  nodeKey: NodeKey;
  node: NodeDoc;
  place: Place;
  set: SetField;
  readOnly: boolean;
}

/** The text of a node's field; "" where something else is there. */
export function textIn(node: NodeDoc, field: string): string {
  const found = node[field];
  return typeof found === "string" ? found : "";
}

/** The number of a node's field; undefined where something else is there. */
export function numberIn(node: NodeDoc, field: string): number | undefined {
  const found = node[field];
  return typeof found === "number" ? found : undefined;
}
