/** Connections: accounts that steps act with.  What is secret stays at the connector hub. */
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { type Connection, useConnections, useRemoveConnection } from "@/api/connections";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { type Column, DataTable } from "@/ui/DataTable";
import { ConfirmDialog } from "@/ui/Dialog";
import { PageHeader, usePageTitle } from "@/ui/PageHeader";
import { EmptyState, ErrorState, messageOf, Skeleton } from "@/ui/placeholders";
import { Time } from "@/ui/Time";
import { AddConnection } from "./AddConnection";

/** The page; `?add=gmail` opens the form for a service. */
export default function ConnectionsPage() {
  usePageTitle("Connections");
  const [params, setParams] = useSearchParams();
  const [removing, setRemoving] = useState<Connection | null>(null);
  const list = useConnections();
  const columns = useMemo(() => columnsOf(setRemoving), []);
  const adding = params.get("add");
  const setAdding = (toolkit: string | null) => setParams(toolkit === null ? {} : { add: toolkit });
  return (
    <>
      <PageHeader
        title="Connections"
        actions={
          <Button look="primary" icon={Plus} onClick={() => setAdding("")}>
            Add a connection
          </Button>
        }
      >
        Your accounts at other services. Steps act with them; passwords and keys never come here.
      </PageHeader>
      {list.error && !list.data ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <Skeleton lines={5} />
      ) : list.data.results.length === 0 ? (
        <EmptyState
          icon={KeyRound}
          title="No account is connected"
          actions={
            <Button look="primary" icon={Plus} onClick={() => setAdding("")}>
              Add a connection
            </Button>
          }
        >
          Steps that send mail or open tickets need an account to act with. Many steps need none:
          requests over HTTP, texts and data work without.
        </EmptyState>
      ) : (
        <div className="sm:px-3">
          <DataTable
            label="Connections"
            rows={list.data.results}
            columns={columns}
            rowKey={(row) => String(row.id)}
          />
        </div>
      )}
      {adding !== null && <AddConnection toolkit={adding} onClose={() => setAdding(null)} />}
      {removing && <Remove connection={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

function Remove({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const remove = useRemoveConnection();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Remove ${connection.label || connection.toolkit}?`}
      confirm="Remove it"
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate(connection.id, { onSuccess: onClose })}
    >
      <p className="text-sm">
        Steps can no longer use it, and workflows that need it stop there. The account at the
        service stays.
      </p>
      {remove.error && (
        <p role="alert" className="mt-2 text-danger text-sm">
          {messageOf(remove.error)}
        </p>
      )}
    </ConfirmDialog>
  );
}

function columnsOf(onRemove: (row: Connection) => void): Column<Connection>[] {
  return [
    {
      id: "toolkit",
      head: "Service",
      part: "title",
      cell: (row) => (
        <span className="font-medium">
          {row.toolkit.replaceAll("_", " ")}
          {row.is_default && (
            <span className="ml-2">
              <Badge tone="accent">used unless a step names another</Badge>
            </span>
          )}
        </span>
      ),
    },
    {
      id: "label",
      head: "Name",
      cell: (row) => row.label || <span className="text-muted">–</span>,
    },
    {
      id: "account",
      head: "Account",
      cell: (row) => <code className="break-all text-xs">{row.account_id}</code>,
    },
    {
      id: "status",
      head: "State",
      part: "plain",
      cell: (row) =>
        row.status === "active" ? (
          <Badge>Active</Badge>
        ) : (
          <Badge tone="warning">Not usable: add it again</Badge>
        ),
    },
    { id: "created", head: "Added", cell: (row) => <Time at={row.created_at} /> },
    {
      id: "actions",
      head: "",
      part: "actions",
      cell: (row) => (
        <IconButton
          small
          icon={Trash2}
          label={`Remove ${row.label || row.toolkit}`}
          onClick={() => onRemove(row)}
        />
      ),
    },
  ];
}
