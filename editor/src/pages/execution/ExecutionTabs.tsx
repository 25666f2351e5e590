/** The tabs of a run: its timeline, its graph, its steps, its log, its events. */
import type { ReactNode } from "react";
import type { DefinitionDoc } from "@/definition/document";
import type { ExecutionView } from "@/execution/view";
import { hasEnded } from "@/run/stopping";
import { Tabs } from "@/ui/Tabs";
import { useNow } from "@/ui/Time";
import { EventsTab } from "./EventsTab";
import { GraphTab } from "./GraphTab";
import { LogsTab } from "./LogsTab";
import { StepsTab } from "./StepsTab";
import type { Run } from "./timeline/rows";
import { moment } from "./timeline/segments";
import { Timeline } from "./timeline/Timeline";
import type { Runs } from "./useRuns";
import type { Selection } from "./useSelection";

interface ExecutionTabsProps {
  view: ExecutionView;
  runs: Runs;
  definition: DefinitionDoc | undefined;
  definitionLoading: boolean;
  selection: Selection;
  chosen: Run | null;
  still: boolean;
  /** Input and output, where there is no room for them beside. */
  overview: ReactNode;
  className: string;
}

/** The tabs. */
export function ExecutionTabs(props: ExecutionTabsProps) {
  const { view, runs, selection, chosen, still, overview } = props;
  const { id } = view;
  const ended = hasEnded(view.status);
  const now = useNow(1, still || ended);
  const choose = (run: Run) =>
    selection.select(run.step.key, run.executionId === id ? null : run.executionId);
  const chooseKey = (key: string) => selection.select(key);
  const more = runs.hasMore ? { load: runs.loadMore, busy: runs.isLoading } : null;
  const from = moment(view.createdAt) ?? moment(view.startedAt) ?? now;
  const tabs = [
    {
      id: "timeline",
      label: "Timeline",
      content: (
        <Timeline
          runs={runs.runs}
          above={view.path.length}
          resting={["waiting", "suspended", "paused"].includes(view.status)}
          now={now}
          from={from}
          to={moment(view.endedAt)}
          selected={chosen ? { key: chosen.step.key, executionId: chosen.executionId } : null}
          onSelect={choose}
          more={more}
        />
      ),
    },
    {
      id: "graph",
      label: "Graph",
      content: (
        <GraphTab
          definition={props.definition}
          loading={props.definitionLoading}
          executionId={id}
          selected={chosen?.step.stepId ?? null}
          onSelect={(nodeId) => selection.select(nodeId && runOf(view, nodeId))}
        />
      ),
    },
    {
      id: "steps",
      label: "Steps",
      content: (
        <StepsTab
          executionId={id}
          runs={runs.runs}
          more={more}
          selected={chosen?.step.key ?? null}
          still={still}
          onSelect={choose}
        />
      ),
    },
    {
      id: "logs",
      label: "Logs",
      content: <LogsTab executionId={id} lines={view.logs} live={!ended} onSelect={chooseKey} />,
    },
    {
      id: "events",
      label: "Events",
      content: <EventsTab executionId={id} lastSeq={view.lastSeq} onSelect={chooseKey} />,
    },
    ...(overview ? [{ id: "data", label: "Input and output", content: overview }] : []),
  ];
  const shown = tabs.some((it) => it.id === selection.tab) ? selection.tab : "timeline";
  return (
    <Tabs
      label="Run"
      tabs={tabs}
      value={shown}
      onChange={selection.show}
      className={props.className}
    />
  );
}

/** The run that stands for a node: its only one, the first that failed, or the newest. */
function runOf(view: ExecutionView, nodeId: string): string {
  const node = view.nodes.get(nodeId);
  return node?.failed[0] ?? node?.latest ?? nodeId;
}
