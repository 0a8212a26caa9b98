import { Clock, Effect, Schedule } from "effect"
import { ServerMetrics } from "../metrics/ServerMetrics.ts"
import { ServerConfig } from "../ServerConfig.ts"
import { StateFeed } from "./StateFeed.ts"
import { Subscribers } from "./Subscriber.ts"

/**
 * Closes slow consumers, the second half of the back-pressure rule of `FrameWriter`: every second, sends pending states, and
 * closes backpressured peers that have made no progress for `slowDeadlineMs`.
 */
export const checkBackpressure = Effect.gen(function* () {
  const { slowDeadlineMs } = (yield* ServerConfig).limits
  const metrics = yield* ServerMetrics
  const states = yield* StateFeed
  const subscribers = yield* Subscribers

  const check = Effect.map(Clock.currentTimeMillis, (now) => {
    states.sendDue()
    let behind = 0
    for (const subscriber of subscribers) {
      if (subscriber.backpressured === null) continue
      behind += 1
      const { queuedBytes } = subscriber.sink
      if (queuedBytes < subscriber.backpressured.queuedBytes)
        subscriber.backpressured = { since: now, queuedBytes }
      else if (now - subscriber.backpressured.since >= slowDeadlineMs)
        subscriber.sink.close(4430, "nothing was read for too long")
    }
    metrics.behind = behind
  })
  return yield* Effect.repeat(check, Schedule.spaced("1 second"))
})
