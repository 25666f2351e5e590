/** Rows of a few columns: a table where the window is wide, cards where it is narrow.  For a page
 * of rows; thousands belong into `VirtualList`. */
import type { ReactNode } from "react";
import { classNames } from "./classNames";
import { Checkbox } from "./inputs";
import { useNarrow } from "./narrow";

export interface Column<Row> {
  id: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** The first of a card; `plain` ones stand in it without their heading. */
  part?: "title" | "plain" | "actions";
  className?: string;
}

export interface Selection<Row> {
  has: (row: Row) => boolean;
  toggle: (row: Row) => void;
  /** All rows of the page, or none of them. */
  toggleAll: (chosen: boolean) => void;
  nameOf: (row: Row) => string;
}

interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string;
  selection?: Selection<Row> | undefined;
  rowClass?: (row: Row) => string | undefined;
}

/** The rows. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return useNarrow() ? <Cards {...props} /> : <Table {...props} />;
}

function Table<Row>({ label, rows, columns, rowKey, selection, rowClass }: DataTableProps<Row>) {
  const chosen = selection ? rows.filter(selection.has).length : 0;
  return (
    <table aria-label={label} className="w-full border-collapse text-sm">
      <thead>
        <tr className="border-line border-b text-left text-muted text-xs">
          {selection && (
            <th className="w-8 py-2 pl-3">
              <Checkbox
                aria-label="Select all on this page"
                checked={chosen > 0 && chosen < rows.length ? "indeterminate" : chosen > 0}
                onChange={selection.toggleAll}
              />
            </th>
          )}
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              className={classNames("whitespace-nowrap px-3 py-2 font-medium", column.className)}
            >
              {column.part === "actions" ? <span className="sr-only">Actions</span> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            className={classNames("border-line border-b hover:bg-hover/60", rowClass?.(row))}
          >
            {selection && (
              <td className="py-2 pl-3">
                <RowCheck row={row} selection={selection} />
              </td>
            )}
            {columns.map((column) => (
              <td key={column.id} className={classNames("px-3 py-2", column.className)}>
                {column.part === "actions" ? (
                  <div className="flex items-center justify-end gap-1">{column.cell(row)}</div>
                ) : (
                  column.cell(row)
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cards<Row>({ label, rows, columns, rowKey, selection, rowClass }: DataTableProps<Row>) {
  const title = columns.find((column) => column.part === "title");
  const actions = columns.find((column) => column.part === "actions");
  const others = columns.filter((column) => column !== title && column !== actions);
  return (
    <ul aria-label={label} className="flex flex-col gap-2 p-3">
      {rows.map((row) => (
        <li
          key={rowKey(row)}
          className={classNames("rounded-lg border border-line bg-surface p-3", rowClass?.(row))}
        >
          <div className="flex items-start gap-2">
            {selection && <RowCheck row={row} selection={selection} />}
            <div className="min-w-0 flex-1">{title?.cell(row)}</div>
          </div>
          <dl className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
            {others.map((column) => (
              <div key={column.id} className="flex items-center gap-1.5">
                <dt className={column.part === "plain" ? "sr-only" : "text-muted text-xs"}>
                  {column.head}
                </dt>
                <dd className="min-w-0">{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
          {actions && <div className="mt-2 flex flex-wrap gap-1">{actions.cell(row)}</div>}
        </li>
      ))}
    </ul>
  );
}

function RowCheck<Row>({ row, selection }: { row: Row; selection: Selection<Row> }) {
  return (
    <Checkbox
      aria-label={`Select ${selection.nameOf(row)}`}
      checked={selection.has(row)}
      onChange={() => selection.toggle(row)}
    />
  );
}
