/** What waits for the account that is logged in. */
import { useQuery } from "@tanstack/react-query";
import { apiError } from "./errors";

const LOOK_AGAIN_MS = 10_000;

/** Returns how many questions wait for an answer of this account; 0 while that is not known. */
export function useWaitingCount(): number {
  const query = useQuery({
    queryKey: ["waiting", "count"],
    queryFn: async () => {
      const response = await fetch("/api/waiting/count/");
      if (!response.ok) throw apiError(response.status, await response.json().catch(() => null));
      return (await response.json()) as { count: number };
    },
    refetchInterval: LOOK_AGAIN_MS,
    retry: false,
  });
  return query.data?.count ?? 0;
}
