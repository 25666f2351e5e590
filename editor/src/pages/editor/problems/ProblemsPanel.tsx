/** What the server finds fault with: by severity, with a way there, and repairs where it has some. */
import { CircleAlert, CircleCheck, Info, TriangleAlert, WandSparkles } from "lucide-react";
import { useMemo } from "react";
import { nodeAt } from "@/definition/addresses";
import { type Diagnostic, diagnosticsByNode, type Severity } from "@/definition/diagnostics";
import { titleOf } from "@/definition/document";
import { applyPatch } from "@/definition/patching";
import { Button } from "@/ui/Button";
import { useDocument, useEditor, useEditorStore } from "../store";

const LOOKS: Record<Severity, { icon: typeof Info; tone: string; word: string }> = {
  error: { icon: CircleAlert, tone: "text-danger", word: "Errors" },
  warning: { icon: TriangleAlert, tone: "text-warning", word: "Warnings" },
  info: { icon: Info, tone: "text-accent", word: "Remarks" },
};
const ORDER: readonly Severity[] = ["error", "warning", "info"];

/** The panel. */
export function ProblemsPanel() {
  const store = useEditorStore();
  const diagnostics = useEditor((state) => state.diagnostics);
  const current = useEditor((state) => state.judged === state.document);
  const readOnly = useEditor((state) => state.readOnly);
  const fixable = diagnostics.filter((one) => one.repairs?.length === 1);

  if (diagnostics.length === 0) {
    return (
      <p className="flex items-center gap-2 p-4 text-muted text-sm">
        <CircleCheck aria-hidden className="size-4 text-state-completed" />
        Nothing is wrong with this workflow.
      </p>
    );
  }
  const fixAll = () =>
    store.getState().run((document) => {
      // A repair may make another one needless, or wrong: those that no longer fit are left out.
      let made = document;
      for (const one of fixable) {
        try {
          made = applyPatch(made, one.repairs?.[0]?.patch ?? []).document;
        } catch {
          // The server judges again in a moment and offers what then fits.
        }
      }
      return { document: made, label: `fix ${fixable.length} problems` };
    });
  return (
    <div className="flex flex-col gap-2 p-2">
      {fixable.length > 1 && !readOnly && (
        <Button small icon={WandSparkles} className="self-end" onClick={fixAll}>
          {`Fix all ${fixable.length}`}
        </Button>
      )}
      {ORDER.map((severity) => {
        const own = diagnostics.filter((one) => one.severity === severity);
        if (own.length === 0) return null;
        return (
          <section key={severity} aria-label={LOOKS[severity].word}>
            <h3 className="px-1 font-medium text-muted text-xs">{`${LOOKS[severity].word} (${own.length})`}</h3>
            <ul className="flex flex-col">
              {own.map((one) => (
                <ProblemLine
                  key={`${one.code} ${one.path} ${one.message}`}
                  problem={one}
                  repairable={current && !readOnly}
                />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function ProblemLine({ problem, repairable }: { problem: Diagnostic; repairable: boolean }) {
  const store = useEditorStore();
  const document = useDocument();
  const { icon: Icon, tone } = LOOKS[problem.severity];
  const key = useMemo(
    () => diagnosticsByNode(document, [problem]).keys().next().value ?? null,
    [document, problem],
  );
  const node = key === null ? undefined : nodeAt(document, key);
  return (
    <li className="flex flex-wrap items-start gap-2 rounded-md px-1 py-1 hover:bg-hover">
      <button
        type="button"
        onClick={() => store.getState().jumpTo(node ? key : null, problem.path)}
        className="flex min-w-0 flex-1 items-start gap-2 text-left text-sm"
      >
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
        <span className="min-w-0">
          <span className="font-medium">{node ? titleOf(node) : "The workflow"}</span>
          {": "}
          {problem.message}
          {problem.fix && <span className="block text-muted text-xs">{problem.fix}</span>}
        </span>
      </button>
      {repairable &&
        problem.repairs?.map((repair) => (
          <Button
            key={repair.label}
            small
            icon={WandSparkles}
            onClick={() =>
              store.getState().run((now) => applyPatch(now, repair.patch, repair.label))
            }
          >
            {repair.label}
          </Button>
        ))}
    </li>
  );
}
