/** A list of any length that keeps only the rows in view on the page. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

interface VirtualListProps<Row> {
  rows: readonly Row[];
  /** Height of a row in px, before it is measured. */
  rowHeight: number;
  rowKey: (row: Row, index: number) => string;
  children: (row: Row, index: number) => ReactNode;
  /** Keeps the end in view as rows are added. */
  follow?: boolean;
  /** Scrolls this row into view when it changes. */
  reveal?: number;
  label: string;
  className?: string;
}

/** The list; it fills its parent, which must have a height. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { rows, rowHeight, rowKey, follow = false, reveal, label, className } = props;
  const parent = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => parent.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row, index);
    },
  });

  useEffect(() => {
    if (follow && rows.length) virtualizer.scrollToIndex(rows.length - 1, { align: "end" });
  }, [follow, rows.length, virtualizer]);

  useEffect(() => {
    if (reveal !== undefined && reveal >= 0) virtualizer.scrollToIndex(reveal, { align: "auto" });
  }, [reveal, virtualizer]);

  return (
    <section
      ref={parent}
      aria-label={label}
      // A scrolling region must be reachable by keyboard.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      className={`h-full overflow-auto ${className ?? ""}`}
    >
      <div className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              className="absolute top-0 left-0 w-full"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {props.children(row, item.index)}
            </div>
          );
        })}
      </div>
    </section>
  );
}
