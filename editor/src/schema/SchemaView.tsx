/** Shows a JSON Schema as a tree of names, types and words. Changes nothing. */

import type { JsonSchema } from "@/contracts/json";
import { Badge } from "@/ui/Badge";
import { labelOf, shapeOf, typeWords } from "./shapes";
import { isSchema, propertiesOf, requiredOf, textAt } from "./types";

const MAX_DEPTH = 8;

interface SchemaViewProps {
  schema: JsonSchema | undefined | null;
  /** What to say where nothing is known. */
  empty?: string;
}

/** The tree. */
export function SchemaView({ schema, empty = "Not described: anything." }: SchemaViewProps) {
  const root = schema ?? true;
  const shape = shapeOf(root);
  if (shape.kind === "json") return <p className="text-muted text-sm">{empty}</p>;
  if (shape.kind !== "object" && shape.kind !== "array")
    return <p className="text-sm">{typeWords(root)}</p>;
  return <Parts schema={root} root={root} depth={0} />;
}

interface PartsProps {
  schema: JsonSchema;
  root: JsonSchema;
  depth: number;
}

function Parts({ schema, root, depth }: PartsProps) {
  const shape = shapeOf(schema, root);
  if (depth > MAX_DEPTH) return null;
  if (shape.kind === "array" && isSchema(shape.schema.items))
    return <Parts schema={shape.schema.items} root={root} depth={depth + 1} />;
  if (shape.kind === "union")
    return shape.options.map((option) => (
      <Parts key={option.label} schema={option.schema} root={root} depth={depth + 1} />
    ));
  const fields = propertiesOf(shape.schema);
  if (shape.kind !== "object" || fields.length === 0) return null;
  const required = requiredOf(shape.schema);
  return (
    <ul className="flex flex-col gap-1 border-line border-l pl-3 text-sm">
      {fields.map(([name, inner]) => {
        const { schema: read } = shapeOf(inner, root);
        const said = textAt(read, "description");
        const title = labelOf(read, name);
        return (
          <li key={name}>
            <span className="font-mono">{name}</span>{" "}
            <span className="text-muted text-xs">{typeWords(inner, root)}</span>{" "}
            {required.has(name) && <Badge>required</Badge>}
            {(said || title !== name) && (
              <p className="text-muted text-xs">
                {[title !== name && title, said].filter(Boolean).join(": ")}
              </p>
            )}
            <Parts schema={inner} root={root} depth={depth + 1} />
          </li>
        );
      })}
    </ul>
  );
}
