/** How much waits for the account that is logged in. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "./client";

const LOOK_AGAIN_MS = 10_000;

/** Returns how many questions wait for an answer of this account; 0 while that is not known. */
export function useWaitingCount(): number {
  const query = useQuery({
    queryKey: ["waiting", "count"],
    queryFn: () => unwrap(api.GET("/api/waiting/count/")),
    refetchInterval: LOOK_AGAIN_MS,
    retry: false,
  });
  return query.data?.count ?? 0;
}
