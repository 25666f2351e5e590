/** All log lines of a run: those of the past page by page, new ones as they come. */
import { useMemo } from "react";
import { useLogPages } from "@/api/executionLog";
import type { LogLine } from "@/execution/view";
import { LogView } from "@/run/LogView";
import { lineOf, mergeLog } from "@/run/logFilter";
import { ErrorState } from "@/ui/placeholders";

interface LogsTabProps {
  executionId: string;
  /** Only the lines of this run. */
  step?: string;
  /** The newest lines, as they came. */
  lines: readonly LogLine[];
  live: boolean;
  onSelect?: (key: string) => void;
}

/** The tab. */
export function LogsTab({ executionId, step, lines, live, onSelect }: LogsTabProps) {
  const pages = useLogPages(executionId, step);
  const { data } = pages;
  const all = useMemo(() => {
    const past = (data?.pages ?? []).flatMap((page) => page.results.map(lineOf));
    // Pages are read in order: what came live is only put behind the last of them.
    const later = pages.hasNextPage ? [] : lines.filter((line) => !step || line.key === step);
    return mergeLog(past, later);
  }, [data, lines, step, pages.hasNextPage]);
  if (pages.error && all.length === 0) {
    return <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />;
  }
  return (
    <LogView
      lines={all}
      live={live}
      fileName={`${executionId}${step ? `-${step}` : ""}.log`}
      {...(onSelect ? { onSelect } : {})}
      more={
        pages.hasNextPage
          ? { load: () => void pages.fetchNextPage(), busy: pages.isFetchingNextPage }
          : undefined
      }
    />
  );
}
