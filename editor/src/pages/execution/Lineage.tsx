/** Where a run stands among others: what it repeats, what repeated it, what is inside it. */
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { ExecutionRecord, Relative } from "@/api/execution";
import { StatusChip } from "@/ui/StatusChip";

/** The links; nothing where there are none. */
export function Lineage({ record }: { record: ExecutionRecord }) {
  const { reruns, failure_of: cause, on_failure: answer, children } = record;
  const single: [string, string | null][] = [
    ["Runs inside", record.parent],
    ["Outermost", record.root === record.parent ? null : record.root],
    ["Repeats", record.rerun_of],
  ];
  const lists: [string, Relative[]][] = [
    ["Repeated by", reruns],
    ["Answers the failure of", cause ? [cause] : []],
    ["Its failure started", answer ? [answer] : []],
    ["Holds", children.map((it) => ({ id: it.id, status: it.status }))],
  ];
  const shown = single.filter(([, id]) => id).length + lists.flatMap(([, all]) => all).length;
  if (shown === 0) return null;
  return (
    <Block title="Related runs">
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
        {single.map(
          ([word, id]) => id && <Row key={word} word={word} runs={[{ id, status: "" }]} />,
        )}
        {lists.map(([word, runs]) => runs.length > 0 && <Row key={word} word={word} runs={runs} />)}
      </dl>
    </Block>
  );
}

function Row({ word, runs }: { word: string; runs: Relative[] }) {
  return (
    <>
      <dt className="text-muted">{word}</dt>
      <dd className="flex flex-wrap gap-x-3 gap-y-1">
        {runs.slice(0, 20).map((run) => (
          <span key={run.id} className="inline-flex items-center gap-1">
            <Link to={`/executions/${run.id}`} className="font-mono text-accent underline">
              {run.id.slice(0, 8)}
            </Link>
            {run.status && <StatusChip status={run.status} />}
          </span>
        ))}
        {runs.length > 20 && <span className="text-muted">{`and ${runs.length - 20} more`}</span>}
      </dd>
    </>
  );
}

/** A part of the overview under a heading. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-line border-b px-4 py-3">
      <h2 className="mb-1.5 font-medium text-sm">{title}</h2>
      {children}
    </section>
  );
}
