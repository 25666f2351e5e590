/** A list: items that can be added, removed and moved; check marks where items are choices. */

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { type JsonSchema, sameJson } from "@/contracts/json";
import { Button, IconButton } from "@/ui/Button";
import { Checkbox } from "@/ui/inputs";
import { emptyOf } from "./defaults";
import { useForm } from "./FormContext";
import { Group } from "./Group";
import { pointerTo } from "./pointers";
import { type ControlProps, SchemaField } from "./SchemaField";
import { type Choice, labelOf, shapeOf } from "./shapes";
import { isSchema, numberAt } from "./types";

/** The list as a fieldset. */
export function ListField(props: ControlProps) {
  const { label, schema, pointer, onChange, required = false } = props;
  const { root } = useForm();
  const items = Array.isArray(props.value) ? props.value : [];
  const each: JsonSchema = isSchema(schema.items) ? schema.items : true;
  const choices = schema.uniqueItems === true ? shapeOf(each, root) : null;
  return (
    <Group
      label={label}
      help={props.help}
      required={required}
      pointer={pointer}
      inside={items.map((_, i) => pointerTo(pointer, i))}
      value={props.value}
      onChange={onChange}
      drawable={Array.isArray(props.value) && !Array.isArray(schema.prefixItems)}
    >
      {choices?.kind === "choice" ? (
        <Marks choices={choices.choices} items={items} onChange={onChange} />
      ) : (
        <Items {...props} items={items} each={each} />
      )}
    </Group>
  );
}

function Items(props: ControlProps & { items: readonly unknown[]; each: JsonSchema }) {
  const { schema, pointer, items, each, onChange } = props;
  const { root, disabled } = useForm();
  const [ids, setIds] = useState<number[]>([]);
  // An item keeps its box, and with it the focus, when those before it go.
  const keys = items.map((_, i) => ids[i] ?? i + 1_000_000);
  const apply = (next: unknown[], order: number[]) => {
    setIds(order);
    onChange(next);
  };
  const move = (from: number, to: number) => apply(moved(items, from, to), moved(keys, from, to));
  const most = numberAt(schema, "maxItems");
  const full = most !== undefined && items.length >= most ? `At most ${most} items` : null;
  const name = labelOf(each, "Item");
  return (
    <>
      {items.map((item, i) => (
        <div key={keys[i]} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <SchemaField
              schema={each}
              label={`${name} ${i + 1}`}
              pointer={pointerTo(pointer, i)}
              value={item}
              required
              onChange={(next) =>
                onChange(items.map((one, at) => (at === i ? (next ?? emptied(each, root)) : one)))
              }
            />
          </div>
          <IconButton
            small
            icon={ArrowUp}
            label={`Move ${name} ${i + 1} up`}
            disabled={disabled || i === 0}
            onClick={() => move(i, i - 1)}
          />
          <IconButton
            small
            icon={ArrowDown}
            label={`Move ${name} ${i + 1} down`}
            disabled={disabled || i === items.length - 1}
            onClick={() => move(i, i + 1)}
          />
          <IconButton
            small
            icon={Trash2}
            label={`Remove ${name} ${i + 1}`}
            disabled={disabled}
            onClick={() =>
              apply(
                items.filter((_, at) => at !== i),
                keys.filter((_, at) => at !== i),
              )
            }
          />
        </div>
      ))}
      <Button
        small
        icon={Plus}
        className="self-start"
        disabled={disabled}
        disabledReason={full}
        onClick={() =>
          apply([...items, emptyOf(each, root)], [...keys, Math.max(1_000_000, ...keys) + 1])
        }
      >
        Add {name.toLowerCase()}
      </Button>
    </>
  );
}

interface MarksProps {
  choices: readonly Choice[];
  items: readonly unknown[];
  onChange: (value: unknown) => void;
}

function Marks({ choices, items, onChange }: MarksProps) {
  const { disabled } = useForm();
  const id = useId();
  return choices.map((choice, i) => {
    const marked = items.some((item) => sameJson(item, choice.value));
    return (
      <div key={choice.label} className="flex items-center gap-2">
        <Checkbox
          id={`${id}-${i}`}
          checked={marked}
          disabled={disabled}
          onChange={(checked) =>
            onChange(
              checked
                ? [...items, choice.value]
                : items.filter((item) => !sameJson(item, choice.value)),
            )
          }
        />
        <label htmlFor={`${id}-${i}`} className="text-sm">
          {choice.label}
        </label>
      </div>
    );
  });
}

/** What stands at a place whose field was emptied: a list has no absent items. */
function emptied(each: JsonSchema, root: JsonSchema): unknown {
  const shape = shapeOf(each, root);
  return shape.kind === "string" ? "" : null;
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const made = list.filter((_, at) => at !== from);
  made.splice(to, 0, ...list.slice(from, from + 1));
  return made;
}
