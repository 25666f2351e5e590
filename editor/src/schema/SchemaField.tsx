/** One value of a form: picks the control that its schema asks for. */

import type { JsonObject, JsonSchema } from "@/contracts/json";
import { ChoiceField } from "./ChoiceField";
import { useForm } from "./FormContext";
import { FormField } from "./FormField";
import { JsonField } from "./JsonField";
import { ListField } from "./ListField";
import { NumberField } from "./NumberField";
import { ObjectFields } from "./ObjectFields";
import { OptionalField } from "./OptionalField";
import { isSecret, shapeOf } from "./shapes";
import { TextField } from "./TextField";
import { textAt } from "./types";
import { UnionField } from "./UnionField";
import { YesNoField } from "./YesNoField";

export interface SchemaFieldProps {
  schema: JsonSchema | undefined;
  label: string;
  pointer: string;
  value: unknown;
  /** undefined: the value is to be absent. */
  onChange: (value: unknown) => void;
  required?: boolean;
}

/** What a control of one value gets. */
export interface ControlProps extends Omit<SchemaFieldProps, "schema"> {
  /** Resolved: without references. */
  schema: JsonObject;
  nullable: boolean;
  help: string | undefined;
}

/** The field of one value, with label, help and problem. */
export function SchemaField(props: SchemaFieldProps) {
  const { root } = useForm();
  const shape = shapeOf(props.schema, root);
  const { schema, nullable } = shape;
  const control: ControlProps = { ...props, schema, nullable, help: helpOf(schema) };
  switch (shape.kind) {
    case "string":
      return <TextField {...control} />;
    case "number":
    case "integer":
      return <NumberField {...control} whole={shape.kind === "integer"} />;
    case "boolean":
      return <YesNoField {...control} />;
    case "choice":
      return <ChoiceField {...control} choices={shape.choices} />;
    case "const":
      return <FixedField {...control} fixed={shape.value} />;
    case "null":
      return <FixedField {...control} fixed={null} />;
    case "array":
      return (
        <OptionalField {...control}>
          <ListField {...control} />
        </OptionalField>
      );
    case "object":
      return (
        <OptionalField {...control}>
          <ObjectFields
            label={props.label}
            schema={schema}
            pointer={props.pointer}
            value={props.value}
            onChange={props.onChange}
            required={props.required ?? false}
          />
        </OptionalField>
      );
    case "union":
      return <UnionField {...control} options={shape.options} />;
    case "json":
      return <JsonField {...control} />;
  }
}

function FixedField(props: ControlProps & { fixed: unknown }) {
  return (
    <FormField
      label={props.label}
      help={props.help}
      pointer={props.pointer}
      required={props.required ?? false}
    >
      {(parts) => (
        <output
          id={parts.id}
          aria-describedby={parts["aria-describedby"]}
          className="font-mono text-muted text-sm"
        >
          {props.fixed === null ? "nothing" : JSON.stringify(props.fixed)}
        </output>
      )}
    </FormField>
  );
}

/** The description, and the default where there is one worth naming. */
function helpOf(schema: JsonObject): string | undefined {
  const said = textAt(schema, "description");
  const given = schema.default;
  const plain = given !== null && given !== "" && typeof given !== "object";
  if (given === undefined || !plain || isSecret(schema)) return said;
  const shown = typeof given === "boolean" ? (given ? "yes" : "no") : String(given);
  const default_ = `Default: ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`;
  return said ? `${said} ${default_}` : default_;
}
