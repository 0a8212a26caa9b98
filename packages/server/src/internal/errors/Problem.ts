import { type ErrorCode, errorCodes, type ProtocolError, protocolError } from "@blink-streams/protocol"
import { Data, Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { makeCorrelationId } from "./correlationId.ts"
import { logProtocolError } from "./logProtocolError.ts"

/** Failure of an HTTP request, with the error object for its response. */
export class Problem extends Data.TaggedError("Problem")<{ readonly error: ProtocolError }> {}

const statusByCode: Partial<Record<ErrorCode, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  duplicate_id: 409,
  key_reused: 409,
  expectation_failed: 412,
  cursor_expired: 410,
  rate_limited: 429,
  unsupported: 422,
  invalid_target: 422,
  timed_out: 504,
}
const statusByCategory = {
  client: 400,
  auth: 401,
  throttled: 429,
  busy: 409,
  upstream: 502,
  timeout: 504,
  internal: 500,
} as const

/** Returns a response with the same error object as on the websocket, and the HTTP status of its code. */
export const problemResponse = (error: ProtocolError): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe(
    { ok: false, error },
    {
      status: statusByCode[error.code] ?? statusByCategory[errorCodes[error.code].category],
      headers: {
        "cache-control": "no-store",
        ...(error.retryAfterMs === undefined
          ? {}
          : { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)) }),
        ...(error.code === "unauthenticated" ? { "www-authenticate": "Bearer" } : {}),
      },
    },
  )

/** Logs an error and fails with it as a `Problem`. */
export const problem = (code: ErrorCode, message: string): Effect.Effect<never, Problem> =>
  Effect.gen(function* () {
    const error = protocolError(code, message, yield* makeCorrelationId)
    yield* logProtocolError(error)
    return yield* new Problem({ error })
  })
