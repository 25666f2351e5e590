/** The head of a run's page: how it stands, what it is of, when it was, and what can be done. */
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import type { ExecutionRecord } from "@/api/execution";
import type { Connection } from "@/execution/hooks";
import type { ExecutionView } from "@/execution/view";
import { ConnectionDot, isCurrent } from "@/run/ConnectionDot";
import { Commanding } from "@/run/LiveHeader";
import { progressText } from "@/run/progress";
import { hasEnded, shownStatus } from "@/run/stopping";
import type { Commands } from "@/run/useCommands";
import { CopyButton } from "@/ui/CopyButton";
import { StatusChip } from "@/ui/StatusChip";
import { Duration, Time } from "@/ui/Time";
import { MoreMenu } from "./MoreMenu";
import { RetryMenu } from "./RetryMenu";
import { RunAgain } from "./RunAgain";
import type { RetrySituation } from "./retryChoices";
import { triggerText } from "./triggerText";

interface ExecutionHeaderProps {
  view: ExecutionView;
  record: ExecutionRecord;
  connection: Connection;
  total: number | null;
  commands: Commands;
  retry: RetrySituation;
}

/** The head. */
export function ExecutionHeader(props: ExecutionHeaderProps) {
  const { view, record, connection, total, commands, retry } = props;
  const navigate = useNavigate();
  const open = (id: string) => void navigate(`/executions/${id}`);
  const isTest = record.version === 0;
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2 border-line border-b bg-surface px-4 py-3">
      <div className="min-w-0 flex-1 basis-96">
        <div className="flex flex-wrap items-center gap-2">
          <StatusChip status={shownStatus(view)} />
          <h1 className="min-w-0 break-words font-semibold text-lg">
            <Link to={`/workflows/${record.workflow}`} className="hover:underline">
              {record.workflow_name}
            </Link>
          </h1>
          {isTest ? (
            <span className="text-muted text-sm">a test of one step</span>
          ) : (
            <Link
              to={`/workflows/${record.workflow}/versions?version=${record.version}`}
              className="text-accent text-sm underline"
            >
              {`version ${record.version}`}
            </Link>
          )}
          <ConnectionDot connection={connection} />
        </div>
        <dl className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-0.5 text-muted text-xs">
          <Fact word="Run">
            <code className="text-ink">{view.id.slice(0, 8)}</code>
            <CopyButton text={view.id} label="Copy the run’s id" />
          </Fact>
          <Fact word="Started by">{triggerText(record)}</Fact>
          <Fact word="Asked for">
            <Time at={view.createdAt} />
          </Fact>
          {view.startedAt && view.createdAt && (
            <Fact word="In the queue">
              <Duration from={view.createdAt} to={view.startedAt} />
            </Fact>
          )}
          {view.startedAt && (
            <Fact word="Began">
              <Time at={view.startedAt} />
            </Fact>
          )}
          {view.endedAt && (
            <Fact word="Ended">
              <Time at={view.endedAt} />
            </Fact>
          )}
          {view.startedAt && (
            <Fact word="Took">
              <Duration from={view.startedAt} to={view.endedAt} still={!isCurrent(connection)} />
            </Fact>
          )}
          <Fact word="Progress">{progressText(view, total)}</Fact>
        </dl>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {!hasEnded(view.status) && <Commanding view={view} commands={commands} />}
        <RetryMenu situation={retry} commands={commands} onNew={open} />
        {!isTest && <RunAgain record={record} onStarted={open} />}
        <MoreMenu record={record} ended={hasEnded(view.status)} />
      </div>
    </header>
  );
}

function Fact({ word, children }: { word: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-1">
      <dt>{word}</dt>
      <dd className="flex items-center text-ink">{children}</dd>
    </div>
  );
}
