/** Makes a workflow from a document: a file, dropped or picked, or pasted text.  Shows what is in
 * it, what could not be carried over and what is wrong with it, before anything is created. */
import { FileUp } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { type Imported, useImport } from "@/api/samples";
import { Button } from "@/ui/Button";
import { classNames } from "@/ui/classNames";
import { Field } from "@/ui/Field";
import { TextArea, TextInput } from "@/ui/inputs";
import { messageOf } from "@/ui/placeholders";
import { ImportNotes } from "./ImportNotes";
import type { Creating } from "./NewWorkflow";
import { parseDocument } from "./parseDocument";
import { StepOutline } from "./StepOutline";

interface ImportWorkflowProps extends Creating {
  from: "file" | "json";
}

/** The steps of an import: give it, look at it, create it. */
export function ImportWorkflow({ from, ...creating }: ImportWorkflowProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const reading = useImport();
  const read = (text: string) => {
    const parsed = parseDocument(text);
    setProblem(parsed.problem);
    if (parsed.problem === null) {
      reading.mutate(parsed.document, { onError: (error) => setProblem(messageOf(error)) });
    }
  };
  if (reading.data) {
    return <Found found={reading.data} onBack={() => reading.reset()} {...creating} />;
  }
  return (
    <div className="flex flex-col gap-3 px-1 py-4">
      <p className="text-muted text-sm">
        A workflow exported from here, or Agipo's <code>workflow.json</code>.
      </p>
      {from === "file" ? (
        <DropPlace onText={read} onProblem={setProblem} />
      ) : (
        <PastePlace onText={read} busy={reading.isPending} />
      )}
      {problem && (
        <p role="alert" className="text-danger text-sm">
          {problem}
        </p>
      )}
    </div>
  );
}

interface PlaceProps {
  onText: (text: string) => void;
}

const MOST_BYTES = 2_500_000;

function DropPlace({ onText, onProblem }: PlaceProps & { onProblem: (said: string) => void }) {
  const [isOver, setOver] = useState(false);
  const id = useId();
  const take = (file: File | undefined) => {
    if (!file) return;
    if (file.size > MOST_BYTES) onProblem("The file is too large: 2.5 MB is the most");
    else void file.text().then(onText, (error) => onProblem(messageOf(error)));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the file can also be picked by keyboard
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
      className={classNames(
        "flex flex-col items-center gap-2 rounded-lg border-2 border-dashed px-4 py-12 text-center",
        isOver ? "border-accent bg-accent-soft" : "border-line",
      )}
    >
      <FileUp aria-hidden className="size-8 text-muted" strokeWidth={1.5} />
      <label htmlFor={id} className="text-sm">
        Drop a JSON file here, or pick one:
      </label>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        className="max-w-full text-sm"
        onChange={(event) => take(event.target.files?.[0])}
      />
    </div>
  );
}

function PastePlace({ onText, busy }: PlaceProps & { busy: boolean }) {
  const [text, setText] = useState("");
  return (
    <>
      <Field label="JSON of a workflow">
        {(parts) => (
          <TextArea
            {...parts}
            rows={12}
            spellCheck={false}
            className="font-mono text-xs"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button
          look="primary"
          busy={busy}
          disabledReason={text.trim() ? null : "Paste a document first"}
          onClick={() => onText(text)}
        >
          Look at it
        </Button>
      </div>
    </>
  );
}

function Found({
  found,
  onBack,
  create,
  busy,
  problem,
}: Creating & { found: Imported; onBack: () => void }) {
  const [name, setName] = useState(String(found.definition.name ?? ""));
  return (
    <div className="flex flex-col gap-3 px-1 py-4">
      <Field label="Name" required error={problem}>
        {(parts) => (
          <TextInput
            {...parts}
            className="max-w-md"
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <StepOutline definition={found.definition} />
      <ImportNotes notes={found.notes} />
      <Diagnostics found={found} />
      <div className="flex gap-2">
        <Button onClick={onBack}>Take another</Button>
        <Button
          look="primary"
          busy={busy}
          disabledReason={name.trim() ? null : "Give it a name first"}
          onClick={() => create(found.definition, name.trim())}
        >
          {found.compile.status === "errors" ? "Create it with these errors" : "Create"}
        </Button>
      </div>
    </div>
  );
}

function Diagnostics({ found }: { found: Imported }): ReactNode {
  const { diagnostics } = found.compile;
  if (diagnostics.length === 0) {
    return <p className="text-muted text-sm">It compiles: it can run as it is.</p>;
  }
  return (
    <section aria-label="What is wrong with it" className="rounded-lg border border-line p-3">
      <h4 className="font-medium text-sm">What to mend</h4>
      <ul className="mt-1 flex list-disc flex-col gap-1 pl-5 text-sm">
        {diagnostics.slice(0, 50).map((one) => (
          <li key={`${one.code} ${one.message}`}>
            <span className={one.severity === "error" ? "text-danger" : "text-warning"}>
              {`${one.severity}: `}
            </span>
            {one.message}
            {one.fix && <span className="block text-muted text-xs">{one.fix}</span>}
          </li>
        ))}
      </ul>
      {diagnostics.length > 50 && (
        <p className="text-muted text-xs">{`and ${diagnostics.length - 50} more`}</p>
      )}
    </section>
  );
}
