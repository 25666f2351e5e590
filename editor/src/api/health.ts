/** Whether the site can work. */
import { useQuery } from "@tanstack/react-query";
import { ApiError } from "./errors";

const LOOK_AGAIN_MS = 15_000;

export interface Health {
  status: string;
  /** "ok" or "unavailable", by part. */
  parts: Record<string, string>;
}

/** Returns the query of the site's health, again every 15 s. */
export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: readHealth,
    refetchInterval: LOOK_AGAIN_MS,
    retry: false,
  });
}

async function readHealth(): Promise<Health> {
  // 503 is an answer here, no failure: it says which part does not work.
  const response = await fetch("/readyz");
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== "object" || body === null) {
    throw new ApiError(response.status, "server.unreachable", "the site does not say how it is");
  }
  const { status, ...parts } = body as Record<string, string>;
  return { status: status ?? "unknown", parts };
}
