/** A condition, as rows of source, operator and value, or as the expression that it is. */
import { useState } from "react";
import { type Standing, useScope } from "@/api/authoring";
import { isObject } from "@/contracts/json";
import { type Source, sourceKind } from "@/definition/document";
import { type Place, pointer } from "@/definition/pointer";
import { Select } from "@/ui/inputs";
import { useFieldDiagnostics } from "../../store";
import { useAuthoring } from "../Authoring";
import { FieldProblems } from "../FieldProblems";
import { ExpressionInput } from "../fields/ExpressionInput";
import { PreviewLine } from "../fields/PreviewLine";
import { ConditionRows } from "./ConditionRows";
import { rowsOf } from "./conditionText";

interface ConditionFieldProps {
  label: string;
  place: Place;
  standing: Standing;
  /** CEL text; or a source, which is how Python's is named. */
  value: unknown;
  onChange: (value: string) => void;
  disabled?: boolean;
}

/** The field; texts that no rows would write open as text. */
export function ConditionField(props: ConditionFieldProps) {
  const { label, place, standing, value, onChange, disabled = false } = props;
  const { document, version, executionId, few } = useAuthoring();
  const said = useFieldDiagnostics([...place]).map((one) => one.message);
  const text = textOf(value);
  const [form, setForm] = useState<"rows" | "text" | null>(null);
  const [wanted, setWanted] = useState(false);
  const scope = useScope(document, version, standing, executionId, wanted);
  if (text === null)
    return (
      <div data-place={pointer(...place)} className="flex flex-col gap-1">
        <span className="font-medium text-sm">{label}</span>
        <p className="text-muted text-xs">
          Python: <code className="break-all">{codeOf(value)}</code>
        </p>
        <FieldProblems place={place} />
      </div>
    );
  const read = rowsOf(text);
  const shown = form ?? (read !== null || text.trim() === "" ? "rows" : "text");
  return (
    <div data-place={pointer(...place)} className="flex flex-col gap-1.5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 font-medium text-sm">{label}</span>
        <Select
          small
          className="w-auto!"
          aria-label={`How ${label} is written`}
          options={[
            { value: "rows", label: "Rows", disabled: read === null && text.trim() !== "" },
            { value: "text", label: "Expression" },
          ]}
          value={shown}
          onChange={(next) => setForm(next as "rows" | "text")}
        />
      </div>
      {shown === "rows" && (read !== null || text.trim() === "") ? (
        <ConditionRows
          label={label}
          text={text}
          scope={scope.data}
          scopeFailed={scope.isError}
          onWanted={() => setWanted(true)}
          onChange={onChange}
          disabled={disabled}
        />
      ) : (
        <ExpressionInput
          label={label}
          language="expression"
          scope={scope.data}
          value={text}
          placeholder="steps.fetch.status == 200"
          onFocus={() => setWanted(true)}
          onChange={(next) => {
            setForm("text");
            onChange(next);
          }}
          disabled={disabled}
        />
      )}
      <PreviewLine
        standing={standing}
        what={{ condition: text }}
        text={text}
        enabled={wanted || few}
        said={said}
      />
      <FieldProblems place={place} />
    </div>
  );
}

function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  const kind = sourceKind(value);
  return kind === "expression" ? ((value as Source).expression ?? "") : null;
}

function codeOf(value: unknown): string {
  return isObject(value) && typeof value.code === "string" ? value.code : JSON.stringify(value);
}
