/** A server that answers what a test says, and remembers what it was asked. */
import { onTestFinished, vi } from "vitest";

export interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  /** By name in small letters. */
  headers: Record<string, string>;
}

type Answer = unknown | ((asked: Asked) => unknown);

/** An answer with a status of its own. */
export class Refusal {
  constructor(
    readonly status: number,
    readonly body: { code: string; message: string; details?: object },
  ) {}
}

/** Stands in for `fetch` until the test is over.
 *
 * `answers` are by "METHOD /path/"; what is not among them is 404.  Returns the list of what was
 * asked, which grows.
 */
export function serve(answers: Record<string, Answer>): Asked[] {
  const log: Asked[] = [];
  const before = globalThis.fetch;
  globalThis.fetch = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, BASE), init);
    const url = new URL(request.url);
    const text = request.method === "GET" ? "" : await request.text();
    const asked: Asked = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: text ? JSON.parse(text) : undefined,
      headers: Object.fromEntries(
        [...request.headers].map(([name, value]) => [name.toLowerCase(), value]),
      ),
    };
    log.push(asked);
    const key = `${asked.method} ${asked.path}`;
    const told = key in answers ? answers[key] : NOT_FOUND;
    const answer = typeof told === "function" ? await told(asked) : told;
    if (answer instanceof Refusal) return json(answer.body, answer.status);
    return answer === null ? new Response(null, { status: 204 }) : json(answer, 200);
  });
  onTestFinished(() => {
    globalThis.fetch = before;
  });
  return log;
}

/** Returns a page of a list. */
export function pageOf(...results: unknown[]) {
  return { results, next: null, previous: null };
}

const BASE = "http://localhost";
const NOT_FOUND = new Refusal(404, { code: "not_found", message: "nothing here" });

function json(body: unknown, status: number): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });
}
