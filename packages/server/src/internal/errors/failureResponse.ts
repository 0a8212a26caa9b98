import { type ErrorCode, protocolError } from "@blink-streams/protocol"
import { Cause, Effect } from "effect"
import { HttpServerError } from "effect/http"
import { makeCorrelationId } from "./correlationId.ts"
import { logProtocolError } from "./logProtocolError.ts"
import { Problem, problemResponse } from "./Problem.ts"

const tagOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "_tag" in error ? error._tag : null

const respond = Effect.fnUntraced(function* (code: ErrorCode, message: string) {
  const failure = protocolError(code, message, yield* makeCorrelationId)
  yield* logProtocolError(failure)
  return problemResponse(failure)
})

/** Returns the response for the failure of a request. */
export const failureResponse = Effect.fnUntraced(function* (cause: Cause.Cause<unknown>) {
  const error = Cause.squash(cause)
  if (error instanceof Problem) return problemResponse(error.error)
  if (error instanceof HttpServerError.HttpServerError && error.reason._tag === "RouteNotFound")
    return yield* respond("not_found", "nothing at this path")
  const tag = tagOf(error)
  if (tag === "SchemaError" || tag === "HttpServerError")
    return yield* respond("malformed", "the request is invalid")
  const correlationId = yield* makeCorrelationId
  yield* Effect.logError("request failed", cause).pipe(Effect.annotateLogs({ correlationId }))
  return problemResponse(protocolError("internal", "internal server error", correlationId))
})
