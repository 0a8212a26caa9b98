import { Clock, type Duration, Effect } from "effect"
import { type BlinkError, blinkError } from "../../BlinkError.ts"
import { type HttpResponse, responseError } from "./responseError.ts"

/** Fails with the reason of an error response. `throttleWait` is the wait after a 429 without `Retry-After`. */
export const ensureSuccess = (
  operation: string,
  httpResponse: HttpResponse,
  throttleWait?: Duration.Duration,
): Effect.Effect<HttpResponse, BlinkError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const reason = responseError(httpResponse, now, throttleWait)
    return reason === null ? Effect.succeed(httpResponse) : Effect.fail(blinkError(operation, reason, "yes"))
  })
