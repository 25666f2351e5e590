/**
 * Draws up a JSON Schema: a list of fields with their types, or the JSON itself.
 * Keeps keywords it does not know; what it cannot draw it leaves to the JSON tab.
 */

import { Braces, List, Plus } from "lucide-react";
import { useState } from "react";
import { isObject, type JsonObject, type JsonSchema } from "@/contracts/json";
import { Button } from "@/ui/Button";
import { BuilderRow } from "./BuilderRow";
import { addField, isBuildable, renameField } from "./builderEdits";
import { JsonText } from "./JsonField";
import { isSchema, propertiesOf, requiredOf } from "./types";

export interface SchemaBuilderProps {
  schema: JsonSchema | undefined | null;
  onChange: (schema: JsonObject) => void;
  /** What the schema is of, for screen readers. */
  label?: string;
  disabled?: boolean;
  /** Called when a field is left, to end what is one change for Undo. */
  onSettled?: () => void;
  /** What to say where there are no fields. */
  empty?: string;
  /** Renames a field of the outermost object and what reads it, in place of `onChange`. */
  onRename?: (name: string, next: string) => void;
}

/** The builder of an object schema. */
export function SchemaBuilder(props: SchemaBuilderProps) {
  const { onChange, label = "Schema", disabled = false } = props;
  const schema = props.schema ?? {};
  const [raw, setRaw] = useState(false);
  const buildable = isBuildable(schema);
  return (
    <fieldset aria-label={label} onBlur={props.onSettled} className="flex flex-col gap-2">
      {raw || !buildable ? (
        <>
          {!buildable && (
            <p className="text-muted text-xs">
              This schema is more than a list of fields; here it is as JSON.
            </p>
          )}
          <JsonText
            label={`${label} as JSON`}
            pointer=""
            value={schema}
            onChange={(value) => isSchema(value) && onChange(isObject(value) ? value : {})}
          />
        </>
      ) : (
        <BuilderRows
          schema={schema}
          onChange={onChange}
          disabled={disabled}
          empty={props.empty}
          onRename={props.onRename}
        />
      )}
      {buildable && (
        <Button
          small
          look="quiet"
          icon={raw ? List : Braces}
          className="self-end"
          aria-label={raw ? `${label}: show fields` : `${label}: edit as JSON`}
          onClick={() => setRaw(!raw)}
        >
          {raw ? "Fields" : "JSON"}
        </Button>
      )}
    </fieldset>
  );
}

interface BuilderRowsProps {
  schema: JsonSchema;
  onChange: (schema: JsonObject) => void;
  disabled: boolean;
  empty?: string | undefined;
  onRename?: ((name: string, next: string) => void) | undefined;
}

/** The fields of one object, and the button for one more. */
export function BuilderRows(props: BuilderRowsProps) {
  const { schema, onChange, disabled, empty } = props;
  const object = isObject(schema) ? schema : {};
  const fields = propertiesOf(object);
  const required = requiredOf(object);
  // By name, so that what is unfolded moves with its field.
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const unfold = (name: string, open: boolean) =>
    setUnfolded(
      open ? new Set([...unfolded, name]) : new Set([...unfolded].filter((one) => one !== name)),
    );
  const rename = (name: string, next: string) => {
    setUnfolded(new Set([...unfolded].map((one) => (one === name ? next : one))));
    if (props.onRename) props.onRename(name, next);
    else onChange(renameField(object, name, next));
  };
  return (
    <div className="flex flex-col gap-1.5">
      {fields.length === 0 && <p className="text-muted text-xs">{empty ?? "No fields yet."}</p>}
      {fields.map(([name, inner], place) => (
        <BuilderRow
          // A field keeps its place while it is renamed, so that the box keeps the focus.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity
          key={place}
          object={object}
          name={name}
          schema={inner}
          required={required.has(name)}
          first={place === 0}
          last={place === fields.length - 1}
          open={unfolded.has(name)}
          onOpen={(open) => unfold(name, open)}
          onRename={(next) => rename(name, next)}
          onChange={onChange}
          disabled={disabled}
        />
      ))}
      <Button
        small
        icon={Plus}
        className="self-start"
        disabled={disabled}
        onClick={() => onChange(addField(object))}
      >
        Add field
      </Button>
    </div>
  );
}
