/** What the pages count elsewhere, what goes on and what waits, is counted again as soon as a run
 * that one watches changes, and not at the next look. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

/** Has the counts read again each time `status` becomes another. */
export function useFreshCounts(status: string | undefined): void {
  const client = useQueryClient();
  const before = useRef(status);
  useEffect(() => {
    const changed = before.current !== undefined && before.current !== status;
    before.current = status;
    if (!changed) return;
    void client.invalidateQueries({ queryKey: ["executions", "running"] });
    void client.invalidateQueries({ queryKey: ["waiting"] });
  }, [client, status]);
}
