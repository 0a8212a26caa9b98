import { Cache, Clock, Duration, Effect, Exit } from "effect"
import type { BlinkError } from "../../BlinkError.ts"

/** Covers the reads of one poll. */
const capacity = 16

/**
 * Shares one pending request among identical reads, and its response for `shareFor`. `invalidate` makes the
 * next reads send requests.
 */
export const makeSharedReads = Effect.fnUntraced(function* <Request, Response>(
  send: (request: Request) => Effect.Effect<Response, BlinkError>,
  shareFor: Duration.Duration,
) {
  const responses = yield* Cache.makeWith(send, {
    capacity,
    timeToLive: (exit) => (Exit.isSuccess(exit) ? shareFor : Duration.zero),
  })
  const invalidate = Cache.invalidateAll(responses)
  let lastReadAt = 0

  const read = Effect.fnUntraced(function* (request: Request) {
    const now = yield* Clock.currentTimeMillis
    // With a clock that was set back, a shared response would stay valid too long.
    if (now < lastReadAt) yield* invalidate
    lastReadAt = now
    return yield* Cache.get(responses, request)
  })

  return { read, invalidate }
})
