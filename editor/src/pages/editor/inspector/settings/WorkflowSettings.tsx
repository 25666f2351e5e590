/** What holds for the workflow as a whole, shown while no step is selected. */

import { isObject } from "@/contracts/json";
import { type Described, renameProperty } from "@/definition/commands/renamingFields";
import { type Place, pointer } from "@/definition/pointer";
import { SchemaBuilder } from "@/schema/SchemaBuilder";
import { SchemaForm } from "@/schema/SchemaForm";
import { isSchema, propertiesOf } from "@/schema/types";
import { useDocument, useEditorStore, useReadOnly } from "../../store";
import { FieldProblems } from "../FieldProblems";
import { ResultField } from "../fields/ResultField";
import { TextField } from "../nodes/TextField";
import { WorkflowChoice } from "../nodes/WorkflowFields";
import { RetryFields } from "../RetryFields";
import { TimeoutField } from "../RunSettings";
import { Section } from "../Section";
import { type SetField, useEndBurst, useSetField } from "../useNodeEdit";
import { QueueingFields } from "./QueueingFields";

const CONFIGS = { type: "object", additionalProperties: true };

/** The settings. */
export function WorkflowSettings() {
  const document = useDocument();
  const readOnly = useReadOnly();
  const set = useSetField(null);
  const endBurst = useEndBurst();
  const retry = isObject(document.retry);
  return (
    <div className="flex flex-col gap-3 p-3">
      <h2 className="font-semibold text-base">Workflow</h2>
      <TextField
        label="Name"
        required
        place={["name"]}
        value={document.name}
        disabled={readOnly}
        onBlur={endBurst}
        onChange={(value) => set("name", value ?? "")}
      />
      <TextField
        long
        label="Description"
        place={["description"]}
        value={document.description ?? ""}
        disabled={readOnly}
        onBlur={endBurst}
        onChange={(value) => set("description", value)}
      />
      <div>
        <SchemaSection
          open
          field="inputs"
          title="Inputs"
          help="What a run is started with: the form of the Run dialog."
          set={set}
          readOnly={readOnly}
        />
        <Section title="Output" open={document.output != null}>
          <ResultField
            label="The workflow puts out"
            byItself="What its last steps put out"
            place={["output"]}
            standing={{ at: "end" }}
            value={document.output}
            onChange={(value) => set("output", value)}
            disabled={readOnly}
          />
        </Section>
        <Section title="Settings" summary={names(document.configs)}>
          <div data-place="/configs" className="flex flex-col gap-2">
            <p className="text-muted text-xs">
              Values that every run sees, as <code>configs.name</code>.
            </p>
            <SchemaForm
              label="Settings"
              schema={CONFIGS}
              value={document.configs}
              onChange={(value) => set("configs", value)}
              disabled={readOnly}
            />
            <FieldProblems place={["configs"]} />
          </div>
        </Section>
        <SchemaSection
          field="state"
          title="State"
          help="What all steps of a run share and may change, as state.name."
          set={set}
          readOnly={readOnly}
        />
        <SchemaSection
          field="context"
          title="Runtime context"
          help="What the caller gives beside the input, as context.name."
          set={set}
          readOnly={readOnly}
        />
        <Section
          title="Limits and failures"
          summary={retry || document.timeout || document.on_failure ? "chosen" : "as usual"}
        >
          <RetryFields
            place={["retry"]}
            value={document.retry}
            onChange={(value) => set("retry", value)}
            inherits="Not, unless a step says so"
            disabled={readOnly}
          />
          <TimeoutField
            place={["timeout"]}
            value={typeof document.timeout === "number" ? document.timeout : undefined}
            help="For a whole run."
            onChange={(value) => set("timeout", value)}
            disabled={readOnly}
          />
          <WorkflowChoice
            label="When a run fails, start"
            none="Nothing"
            place={["on_failure"]}
            value={typeof document.on_failure === "string" ? document.on_failure : ""}
            onChange={(id) => set("on_failure", id || undefined)}
            disabled={readOnly}
          />
        </Section>
        <QueueingFields document={document} set={set} readOnly={readOnly} />
        <Hooks hooks={document.hooks} />
      </div>
    </div>
  );
}

interface SchemaSectionProps {
  field: Described;
  title: string;
  help: string;
  set: SetField;
  readOnly: boolean;
  open?: boolean;
}

function SchemaSection({ field, title, help, set, readOnly, open }: SchemaSectionProps) {
  const schema = useDocument()[field];
  const store = useEditorStore();
  const endBurst = useEndBurst();
  const place: Place = [field];
  const count = isObject(schema) ? propertiesOf(schema).length : 0;
  return (
    <Section
      title={title}
      summary={count ? `${count} ${count === 1 ? "field" : "fields"}` : "none"}
      open={open ?? false}
    >
      <div data-place={pointer(...place)} className="flex flex-col gap-2">
        <p className="text-muted text-xs">{help}</p>
        <SchemaBuilder
          label={title}
          schema={isSchema(schema) ? schema : undefined}
          onChange={(next) => set(field, next)}
          onSettled={endBurst}
          onRename={(name, next) =>
            store.getState().run((document) => renameProperty(document, field, name, next))
          }
          disabled={readOnly}
        />
        <FieldProblems place={place} />
      </div>
    </Section>
  );
}

function Hooks({ hooks }: { hooks: unknown }) {
  if (!isObject(hooks)) return null;
  return (
    <Section title="Hooks" summary="Python">
      <ul className="text-xs">
        {Object.entries(hooks).map(([name, where]) => (
          <li key={name}>
            {name.replace("_", " ")}: <code className="break-all">{String(where)}</code>
          </li>
        ))}
      </ul>
      <FieldProblems place={["hooks"]} />
    </Section>
  );
}

function names(value: unknown): string {
  const keys = isObject(value) ? Object.keys(value) : [];
  return keys.length > 0 ? keys.join(", ") : "none";
}
