/** How answers of the server are kept: for a moment, read again when the page is looked at. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isLoggedOut } from "@/api/errors";

const TRIES = 3;

/** Returns a client; `onLoggedOut` is called when an answer says that the session is over, and is
 * told whether there was one. */
export function createQueryClient(onLoggedOut: (wasIn: boolean) => void): QueryClient {
  const told = (error: unknown) => {
    if (isLoggedOut(error)) onLoggedOut(client.getQueryData(["session"]) !== undefined);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== "session") told(error);
      },
    }),
    mutationCache: new MutationCache({ onError: told }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the server refused it refuses again; only what did not arrive is worth another try.
        retry: (failures, error) =>
          failures < TRIES && !(error instanceof ApiError && error.status in REFUSALS),
      },
    },
  });
  return client;
}

const REFUSALS: Record<number, true> = { 400: true, 401: true, 403: true, 404: true, 409: true };
