/** The rows of a condition.  Hands on a text only when every row is complete. */
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Scope } from "@/api/authoring";
import { Button, IconButton } from "@/ui/Button";
import { Select } from "@/ui/inputs";
import { ExpressionInput } from "../fields/ExpressionInput";
import { SourcePicker } from "../fields/SourcePicker";
import {
  isPath,
  OPERATORS,
  type Operand,
  type Operator,
  type Row,
  type Rows,
  rowsOf,
  textOf,
} from "./conditionText";
import { OperandInput } from "./OperandInput";

interface ConditionRowsProps {
  label: string;
  text: string;
  scope: Scope | undefined;
  scopeFailed: boolean;
  onWanted: () => void;
  onChange: (text: string) => void;
  disabled: boolean;
}

const BLANK: Row = { path: "", operator: "equals", operand: { kind: "literal", value: "" } };
const OPERATOR_OPTIONS = Object.entries(OPERATORS).map(([value, { label }]) => ({ value, label }));

/** The rows with their join. */
export function ConditionRows(props: ConditionRowsProps) {
  const { text, scope, onChange, disabled } = props;
  // Rows that are not complete have no text, and live here alone.
  const [draft, setDraft] = useState<{ rows: Rows; of: string } | null>(null);
  const rows =
    draft && draft.of === text ? draft.rows : (rowsOf(text) ?? { join: "all", rows: [BLANK] });
  const write = (next: Rows) => {
    const made = textOf(next);
    setDraft({ rows: next, of: made ?? text });
    if (made !== null && made !== text) onChange(made);
  };
  const set = (place: number, patch: Partial<Row>) =>
    write({
      ...rows,
      rows: rows.rows.map((row, at) => (at === place ? { ...row, ...patch } : row)),
    });
  const complete = textOf(rows) !== null;
  return (
    <div className="flex flex-col gap-2">
      {rows.rows.length > 1 && (
        <Select
          small
          className="w-auto! self-start"
          aria-label={`Which rows of ${props.label} must hold`}
          disabled={disabled}
          options={[
            { value: "all", label: "All of these hold" },
            { value: "any", label: "Any of these holds" },
          ]}
          value={rows.join}
          onChange={(join) => write({ ...rows, join: join as Rows["join"] })}
        />
      )}
      {rows.rows.map((row, place) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a row has no identity but its place
          key={place}
          className="flex flex-col gap-1 rounded-md border border-line bg-canvas p-2"
        >
          <div className="flex items-start gap-1.5">
            <div className="min-w-0 flex-1">
              <ExpressionInput
                label={`Source of row ${place + 1}`}
                language="path"
                scope={scope}
                placeholder="steps.fetch.status"
                value={row.path}
                invalid={row.path !== "" && !isPath(row.path)}
                onFocus={props.onWanted}
                onChange={(path) => set(place, { path })}
                disabled={disabled}
              />
            </div>
            <SourcePicker
              label={`row ${place + 1}`}
              scope={scope}
              failed={props.scopeFailed}
              onOpen={props.onWanted}
              onPick={(path) => set(place, { path })}
              disabled={disabled}
            />
            <IconButton
              icon={Trash2}
              label={`Remove row ${place + 1}`}
              disabled={disabled || rows.rows.length === 1}
              onClick={() => write({ ...rows, rows: rows.rows.filter((_, at) => at !== place) })}
            />
          </div>
          <div className="flex flex-wrap items-start gap-1.5">
            <Select
              small
              className="w-auto!"
              aria-label={`Operator of row ${place + 1}`}
              disabled={disabled}
              options={OPERATOR_OPTIONS}
              value={row.operator}
              onChange={(next) => {
                const operator = next as Operator;
                const { takesValue } = OPERATORS[operator];
                const operand: Operand | null = takesValue ? (row.operand ?? BLANK.operand) : null;
                set(place, { operator, operand });
              }}
            />
            {row.operand && OPERATORS[row.operator].takesValue && (
              <OperandInput
                label={`Value of row ${place + 1}`}
                operand={row.operand}
                scope={scope}
                onWanted={props.onWanted}
                onChange={(operand) => set(place, { operand })}
                disabled={disabled}
              />
            )}
          </div>
        </div>
      ))}
      {!complete && (
        <p className="text-warning text-xs">A row without a source is not written yet.</p>
      )}
      <Button
        small
        icon={Plus}
        className="self-start"
        disabled={disabled}
        onClick={() => write({ ...rows, rows: [...rows.rows, BLANK] })}
      >
        Add row
      </Button>
    </div>
  );
}
