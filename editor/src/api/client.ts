/** The one way to the server: typed by its own OpenAPI document, on this site only. */
import createClient, { type Middleware } from "openapi-fetch";
import { ApiError, apiError } from "./errors";
import type { paths } from "./schema";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** Returns the value of the CSRF cookie, which requests that change something send back. */
function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

const guard: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", csrfToken());
    return request;
  },
  onError() {
    return new ApiError(0, "server.unreachable", "the server cannot be reached; try again");
  },
};

/** `api.GET("/api/workflows/", {params: {...}})`; addresses and shapes are checked by the compiler. */
export const api = createClient<paths>({
  baseUrl: typeof window === "undefined" ? "http://localhost" : window.location.origin,
  // Looked up at each call, so that tests can stand in for it.
  fetch: (request) => globalThis.fetch(request),
});
api.use(guard);

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Returns what a call answered.
 *
 * Throws an `ApiError` if it was refused or did not arrive.
 */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw apiError(response.status, error);
  return data as Data;
}
