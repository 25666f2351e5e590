/** What the server answers when it refuses, as an error that pages can show and tell apart. */

/** An answer of the API that is not a success, or no answer at all (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Returns the error that an answer's body tells of, `{code, message, details}`. */
export function apiError(status: number, body: unknown): ApiError {
  const told = (body && typeof body === "object" ? body : {}) as Partial<ApiError>;
  return new ApiError(
    status,
    told.code ?? "server.unreachable",
    told.message ?? `the server answered ${status}; try again in a moment`,
    told.details ?? {},
  );
}

/** Whether `error` says that one has to log in. */
export function isLoggedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
