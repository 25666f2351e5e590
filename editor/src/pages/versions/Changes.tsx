/** What changed between two documents, in words, and as JSON side by side. */
import { CircleMinus, CirclePlus, PencilLine, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { type Comparison, type FieldChange, isSame, type NodeChange } from "@/definition/comparing";
import type { DefinitionDoc } from "@/definition/document";
import { Skeleton } from "@/ui/placeholders";
import { Tabs } from "@/ui/Tabs";

const JsonDiff = lazy(() => import("@/ui/JsonDiff"));

interface ChangesProps {
  comparison: Comparison;
  before: DefinitionDoc;
  after: DefinitionDoc;
  beforeLabel: string;
  afterLabel: string;
}

/** The changes. */
export function Changes(props: ChangesProps) {
  const [tab, setTab] = useState("words");
  return (
    <Tabs
      label="How the changes are shown"
      value={tab}
      onChange={setTab}
      tabs={[
        { id: "words", label: "Changes", content: <InWords {...props} /> },
        {
          id: "json",
          label: "JSON",
          content: (
            <div className="pt-3">
              <Suspense fallback={<Skeleton lines={6} />}>
                <JsonDiff {...props} />
              </Suspense>
            </div>
          ),
        },
      ]}
    />
  );
}

function InWords({ comparison, beforeLabel, afterLabel }: ChangesProps) {
  const { nodes, workflow, edgesAdded, edgesRemoved, breaking, onlyDrawing } = comparison;
  if (isSame(comparison)) {
    return <p className="pt-3 text-sm">{`${beforeLabel} and ${afterLabel} are the same.`}</p>;
  }
  if (onlyDrawing) {
    return <p className="pt-3 text-sm">Steps were moved on the canvas; what runs is the same.</p>;
  }
  return (
    <div className="flex flex-col gap-4 pt-3">
      {breaking.length > 0 && (
        <div className="rounded-md border border-line bg-warning-soft px-3 py-2 text-sm">
          <h3 className="flex items-center gap-1.5 font-medium text-warning">
            <TriangleAlert aria-hidden className="size-4" />
            This breaks what starts it or reads its output
          </h3>
          <ul className="list-disc pl-6">
            {breaking.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
      {nodes.length > 0 && (
        <Part title="Steps">
          {nodes.map((change) => (
            <NodeLine key={`${change.kind} ${change.key}`} change={change} />
          ))}
        </Part>
      )}
      {edgesAdded.length + edgesRemoved.length > 0 && (
        <Part title="Connections">
          {edgesAdded.map((edge) => (
            <Line key={`+${edge}`} kind="added">{`${edge} added`}</Line>
          ))}
          {edgesRemoved.map((edge) => (
            <Line key={`-${edge}`} kind="removed">{`${edge} removed`}</Line>
          ))}
        </Part>
      )}
      {workflow.length > 0 && (
        <Part title="The workflow itself">
          {workflow.map((change) => (
            <li key={change.field}>
              <FieldLine change={change} />
            </li>
          ))}
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h3 className="mb-1 font-medium text-sm">{title}</h3>
      <ul className="flex flex-col gap-1 text-sm">{children}</ul>
    </section>
  );
}

const ICONS = {
  added: { icon: CirclePlus, tone: "text-state-completed" },
  removed: { icon: CircleMinus, tone: "text-danger" },
  changed: { icon: PencilLine, tone: "text-accent" },
};

function Line({ kind, children }: { kind: NodeChange["kind"]; children: React.ReactNode }) {
  const { icon: Icon, tone } = ICONS[kind];
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}

function NodeLine({ change }: { change: NodeChange }) {
  const words =
    change.kind === "changed" ? (change.moved ? "moved to another body" : "") : change.kind;
  return (
    <Line kind={change.kind}>
      <span className="font-medium">{change.title}</span>
      {change.title !== change.key && <span className="text-muted">{` (${change.key})`}</span>}
      {words && ` ${words}`}
      {change.fields.map((one) => (
        <FieldLine key={one.field} change={one} />
      ))}
    </Line>
  );
}

function FieldLine({ change }: { change: FieldChange }) {
  const { field, before, after } = change;
  return (
    <div className="grid gap-x-2 border-line border-l-2 pl-2 sm:grid-cols-[minmax(6rem,12rem)_minmax(0,1fr)]">
      <span className="break-all font-mono text-muted text-xs leading-6">{field}</span>
      <span className="min-w-0">
        {before !== undefined && (
          <del className="mr-2 break-all rounded bg-state-failed-soft px-1 font-mono text-xs no-underline">
            <span className="sr-only">was </span>
            {shown(before)}
          </del>
        )}
        {after === undefined ? (
          <span className="text-muted">removed</span>
        ) : (
          <ins className="break-all rounded bg-state-completed-soft px-1 font-mono text-xs no-underline">
            <span className="sr-only">is now </span>
            {shown(after)}
          </ins>
        )}
      </span>
    </div>
  );
}

const LONGEST = 300;

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
