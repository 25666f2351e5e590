/**
 * Where one value comes from: fixed, read from somewhere, an expression, or a template.
 * Writes nothing until there is something to write; what it cannot write, code, it shows.
 */
import { type ReactNode, useId, useState } from "react";
import { type Standing, useScope } from "@/api/authoring";
import type { JsonSchema } from "@/contracts/json";
import { isObject } from "@/contracts/json";
import { type Source, type SourceKind, sourceKind } from "@/definition/document";
import { type Place, pointer } from "@/definition/pointer";
import { ANY_VALUE } from "@/schema/anyValue";
import { SchemaForm } from "@/schema/SchemaForm";
import { Select } from "@/ui/inputs";
import { useFieldDiagnostics } from "../../store";
import { useAuthoring } from "../Authoring";
import { FieldProblems } from "../FieldProblems";
import { ExpressionInput } from "./ExpressionInput";
import { PreviewLine } from "./PreviewLine";
import { SourcePicker } from "./SourcePicker";
import { converted, KIND_LABELS, textOf } from "./sourceKinds";
import type { Language } from "./suggestions";

export interface SourceFieldProps {
  label: string;
  /** Where it stands in the document. */
  place: Place;
  standing: Standing;
  source: Source | undefined;
  /** undefined: it is not set. */
  onChange: (source: Source | undefined) => void;
  schema?: JsonSchema | null;
  required?: boolean;
  help?: string | undefined;
  /** What it means that nothing is set; without it something has to be. */
  unset?: string;
  kinds?: readonly SourceKind[];
  /** Draws a fixed value in another way than its schema would. */
  fixed?: (value: unknown, onChange: (value: unknown) => void, id: string) => ReactNode;
  /** In place of the label, where that can be changed. */
  name?: ReactNode;
  /** Beside the kind. */
  aside?: ReactNode;
  disabled?: boolean;
}

const ALL: readonly SourceKind[] = ["value", "from", "expression", "template"];
const LANGUAGES: Partial<Record<SourceKind, Language>> = {
  from: "path",
  expression: "expression",
  template: "template",
};
const PLACEHOLDERS: Partial<Record<SourceKind, string>> = {
  from: "inputs.url",
  expression: "size(steps.fetch.items) + 1",
  template: "Dear {{ inputs.name }}",
};

/** The field. */
export function SourceField(props: SourceFieldProps) {
  const { label, source, onChange, unset, place, disabled = false } = props;
  const id = useId();
  // Chosen, and not written yet: an empty path would read everything.
  const [begun, setBegun] = useState<SourceKind | null>(null);
  const held = sourceKind(source);
  const kind = begun ?? held;
  const choose = (next: string) => {
    if (next === "") {
      setBegun(null);
      onChange(undefined);
      return;
    }
    const made = converted(source, next as SourceKind);
    setBegun(made ? null : (next as SourceKind));
    if (made) onChange(made);
  };
  const write = (next: Source | undefined) => {
    setBegun(next ? null : kind);
    onChange(next);
  };
  const allowed = new Set([...(props.kinds ?? ALL), ...(kind ? [kind] : [])]);
  const options = [...allowed].map((one) => ({ value: one, label: KIND_LABELS[one] }));
  if (unset !== undefined || kind === null)
    options.unshift({ value: "" as SourceKind, label: "Not set" });
  return (
    <div
      data-place={pointer(...place)}
      data-missing={(props.required && held === null) || undefined}
      className="flex flex-col gap-1"
    >
      <div className="flex items-center gap-2">
        {props.name ?? (
          <span id={`${id}-label`} className="min-w-0 flex-1 truncate font-medium text-sm">
            {label}
            {props.required && (
              <span className="text-danger" title="required">
                {" *"}
              </span>
            )}
          </span>
        )}
        <Select
          small
          className="w-auto!"
          aria-label={`How ${label} is given`}
          disabled={disabled}
          options={options}
          value={kind ?? ""}
          onChange={choose}
        />
        {props.aside}
      </div>
      <Control {...props} kind={kind} begun={begun !== null} write={write} id={id} />
      {props.help && <p className="text-muted text-xs">{props.help}</p>}
      <FieldProblems place={place} />
    </div>
  );
}

interface ControlProps extends SourceFieldProps {
  kind: SourceKind | null;
  begun: boolean;
  write: (source: Source | undefined) => void;
  id: string;
}

function Control(props: ControlProps) {
  const { kind, source, label, write, begun, disabled = false } = props;
  if (kind === null)
    return props.unset ? <p className="text-muted text-xs">{props.unset}</p> : null;
  if (kind === "code")
    return (
      <p className="text-muted text-xs">
        Python: <code className="break-all">{source ? textOf(source) : ""}</code>
      </p>
    );
  if (kind === "value") {
    const value = begun || !source ? undefined : source.value;
    const change = (next: unknown) => {
      // An emptied fixed value is still a fixed value, where it must be something.
      if (next === undefined && props.unset !== undefined) write(undefined);
      else write({ value: (next ?? null) as NonNullable<Source["value"]> });
    };
    if (props.fixed) return props.fixed(value, change, `${props.id}-label`);
    return (
      <SchemaForm
        bare
        label={label}
        schema={withoutWords(props.schema) ?? ANY_VALUE}
        value={begun && !props.schema ? "" : value}
        onChange={change}
        disabled={disabled}
      />
    );
  }
  return <TextControl {...props} kind={kind} />;
}

function TextControl(props: ControlProps & { kind: Exclude<SourceKind, "value" | "code"> }) {
  const { kind, source, label, write, begun, standing, disabled = false } = props;
  const { document, version, executionId, few } = useAuthoring();
  const [wanted, setWanted] = useState(begun);
  const said = useFieldDiagnostics([...props.place]).map((one) => one.message);
  const scope = useScope(document, version, standing, executionId, wanted);
  const text = begun || !source ? "" : textOf(source);
  const want = () => setWanted(true);
  const change = (next: string) => {
    if (next.trim() === "" && kind !== "template" && props.unset !== undefined) write(undefined);
    else write({ [kind]: next });
  };
  const pick = (path: string) => {
    if (kind === "from") change(path);
    else if (kind === "template") change(`${text}{{ ${path} }}`);
    else change(text === "" ? path : `${text} ${path}`);
  };
  return (
    <>
      <div className="flex items-start gap-1.5">
        <div className="min-w-0 flex-1">
          <ExpressionInput
            label={label}
            language={LANGUAGES[kind] ?? "expression"}
            scope={scope.data}
            value={text}
            onChange={change}
            onFocus={want}
            disabled={disabled}
            describedBy={`${props.id}-preview`}
            {...(PLACEHOLDERS[kind] ? { placeholder: PLACEHOLDERS[kind] } : {})}
          />
        </div>
        <SourcePicker
          label={label}
          scope={scope.data}
          failed={scope.isError}
          onPick={pick}
          onOpen={want}
          disabled={disabled}
          startOpen={begun && kind === "from"}
        />
      </div>
      <PreviewLine
        id={`${props.id}-preview`}
        standing={standing}
        what={{ source: { [kind]: text } }}
        text={text}
        enabled={wanted || few}
        said={said}
      />
    </>
  );
}

/** The words of the value itself stand around the field already. */
function withoutWords(schema: JsonSchema | null | undefined): JsonSchema | null | undefined {
  if (!isObject(schema)) return schema;
  const { description: _, ...rest } = schema;
  return "default" in rest && rest.default !== null ? { ...rest, default: undefined } : rest;
}
