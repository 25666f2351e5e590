/** A node that asks a person: what they see, what they fill in, who, and until when. */
import { Eye } from "lucide-react";
import { useState } from "react";
import type { JsonSchema } from "@/contracts/json";
import { pointer } from "@/definition/pointer";
import { defaultsOf } from "@/schema/defaults";
import { SchemaBuilder } from "@/schema/SchemaBuilder";
import { SchemaForm } from "@/schema/SchemaForm";
import { isSchema } from "@/schema/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { DurationInput } from "@/ui/DurationInput";
import { Field } from "@/ui/Field";
import { Select } from "@/ui/inputs";
import { FieldProblems } from "../FieldProblems";
import { FieldsEditor } from "../fields/FieldsEditor";
import { SourceField } from "../fields/SourceField";
import { asHeld, asSource } from "../fields/sourceKinds";
import { Section } from "../Section";
import { useEndBurst } from "../useNodeEdit";
import { TextField } from "./TextField";
import { type NodeFieldsProps, numberIn, textIn } from "./types";

/** What a person is asked where the node has no form of its own. */
export const PLAIN_FORM: JsonSchema = {
  type: "object",
  required: ["approved"],
  properties: {
    approved: { type: "boolean", title: "Approved" },
    comment: { type: "string", title: "Comment", maxLength: 1000 },
  },
};

const ON_DEADLINE = [
  { value: "fail", label: "The step fails" },
  { value: "skip", label: "The step is skipped" },
  { value: "approve", label: "It counts as approved" },
  { value: "reject", label: "It counts as rejected" },
];

/** The fields of an approval. */
export function ApprovalFields(props: NodeFieldsProps) {
  const { node, place, set, readOnly } = props;
  const standing = { node_id: node.id, at: "own" } as const;
  return (
    <>
      <SourceField
        label="Title"
        required
        place={[...place, "title"]}
        standing={standing}
        source={asSource(node.title)}
        schema={{ type: "string" }}
        help="The question, in one line."
        onChange={(source) => set("title", asHeld(source) ?? "")}
        disabled={readOnly}
      />
      <FormPart {...props} />
      <Section title="What the person is shown" open={Boolean(node.context)}>
        <FieldsEditor
          label="what is shown"
          place={[...place, "context"]}
          standing={standing}
          fields={node.context}
          onChange={(fields) => set("context", fields)}
          disabled={readOnly}
        />
      </Section>
      <Section title="Who and until when" open>
        <AssigneesField {...props} />
        <SourceField
          label="Deadline"
          place={[...place, "deadline"]}
          standing={standing}
          source={asSource(node.deadline)}
          kinds={["value", "from", "expression"]}
          unset="It waits until somebody answers."
          fixed={(value, onChange) => (
            <DurationInput
              label="Deadline"
              value={typeof value === "number" ? value : undefined}
              onChange={onChange}
              disabled={readOnly}
            />
          )}
          onChange={(source) => set("deadline", asHeld(source))}
          disabled={readOnly}
        />
        <div data-place={pointer(...place, "on_deadline")}>
          <Field label="When the deadline passes">
            {(parts) => (
              <Select
                {...parts}
                options={ON_DEADLINE}
                value={textIn(node, "on_deadline") || "fail"}
                disabled={readOnly}
                onChange={(next) => set("on_deadline", next)}
              />
            )}
          </Field>
          <FieldProblems place={[...place, "on_deadline"]} />
        </div>
        <div data-place={pointer(...place, "reminder")}>
          <Field label="Remind after" help="Once; without it nobody is reminded.">
            {(parts) => (
              <DurationInput
                {...parts}
                label="Remind after"
                value={numberIn(node, "reminder")}
                onChange={(seconds) => set("reminder", seconds)}
                disabled={readOnly}
              />
            )}
          </Field>
          <FieldProblems place={[...place, "reminder"]} />
        </div>
      </Section>
    </>
  );
}

function FormPart({ node, place, set, readOnly }: NodeFieldsProps) {
  const endBurst = useEndBurst();
  const [shown, setShown] = useState(false);
  const own = isSchema(node.form) ? node.form : null;
  const form = own ?? PLAIN_FORM;
  return (
    <Section title="What the person fills in" open>
      <div data-place={pointer(...place, "form")} className="flex flex-col gap-2">
        {own === null ? (
          <>
            <p className="text-muted text-sm">Approved, yes or no, and a comment.</p>
            <Button
              small
              className="self-start"
              disabled={readOnly}
              onClick={() => set("form", PLAIN_FORM)}
            >
              Make a form of its own
            </Button>
          </>
        ) : (
          <SchemaBuilder
            label="Form"
            schema={own}
            onChange={(schema) => set("form", schema)}
            onSettled={endBurst}
            disabled={readOnly}
          />
        )}
        <div className="flex gap-2">
          <Button small icon={Eye} onClick={() => setShown(true)}>
            Show the form
          </Button>
          {own !== null && (
            <Button small look="quiet" disabled={readOnly} onClick={() => set("form", undefined)}>
              Back to yes or no
            </Button>
          )}
        </div>
        <FieldProblems place={[...place, "form"]} />
      </div>
      {shown && (
        <Dialog
          open
          onOpenChange={setShown}
          title="The form as it is shown"
          description="Nothing that is entered here goes anywhere."
        >
          <FormPreview schema={form} />
        </Dialog>
      )}
    </Section>
  );
}

function FormPreview({ schema }: { schema: JsonSchema }) {
  const [value, setValue] = useState(() => defaultsOf(schema));
  return <SchemaForm schema={schema} value={value} onChange={setValue} label="Answer" />;
}

function AssigneesField({ node, place, set, readOnly }: NodeFieldsProps) {
  const given = Array.isArray(node.assignees) ? node.assignees : [];
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextField
      label="Who may answer"
      place={[...place, "assignees"]}
      value={typed ?? given.join(", ")}
      placeholder="the owner"
      help="User names, or group: and a group's name, with commas between them."
      disabled={readOnly}
      onBlur={() => setTyped(null)}
      onChange={(text = "") => {
        setTyped(text);
        const names = text.split(",").map((name) => name.trim());
        const made = [...new Set(names.filter((name) => name !== ""))];
        set("assignees", made.length > 0 ? made : undefined);
      }}
    />
  );
}
