/** Calls of addresses that are put together at run time, which the typed client cannot know: the
 * same client and errors, and a shape of the OpenAPI document (`./schema`) that the caller names. */
import { api, unwrap } from "./client";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Query = Record<string, string | number | boolean | undefined>;

interface CallOptions {
  query?: Query;
  body?: unknown;
  headers?: Record<string, string>;
  /** Breaks the call off. */
  signal?: AbortSignal;
}

type Loose = Record<Method, (path: string, init: object) => Promise<{ response: Response }>>;

/** Returns what `path` answered, taken to be a `Data`; throws an `ApiError` if it was refused. */
export function call<Data>(method: Method, path: string, options: CallOptions = {}): Promise<Data> {
  const { query, body, headers, signal } = options;
  const init = {
    ...(query ? { params: { query } } : {}),
    ...(body === undefined ? {} : { body }),
    ...(headers ? { headers } : {}),
    ...(signal ? { signal } : {}),
  };
  return unwrap<Data>((api as unknown as Loose)[method](path, init));
}
