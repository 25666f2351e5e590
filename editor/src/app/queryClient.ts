/** How answers of the server are kept: for a moment, read again when the page is looked at. */
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, isLoggedOut } from "@/api/errors";

const TRIES = 3;

/** Returns a client; `onLoggedOut` is called when an answer says that the session is over. */
export function createQueryClient(onLoggedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isLoggedOut(error) && query.queryKey[0] !== "session") onLoggedOut();
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // What the server refused it refuses again; only what did not arrive is worth another try.
        retry: (failures, error) =>
          failures < TRIES && !(error instanceof ApiError && error.status in REFUSALS),
      },
    },
  });
}

const REFUSALS: Record<number, true> = { 400: true, 401: true, 403: true, 404: true, 409: true };
