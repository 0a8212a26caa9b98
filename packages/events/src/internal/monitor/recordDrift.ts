import type { Drift } from "@blink-streams/core"
import { type BlinkEvent, EventId, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect, Stream, SubscriptionRef } from "effect"
import type { EventWriter } from "../account/EventWriter.ts"
import { retryUntilWritten } from "../account/retryUntilWritten.ts"

/** Records each schema drift once. */
export const recordDrift = (drift: Drift["Service"], writer: EventWriter["Service"]) => {
  const emitted = new Set<string>()
  return SubscriptionRef.changes(drift.state).pipe(
    Stream.runForEach((entries) => {
      const newEntries = [...entries].filter(([key]) => !emitted.has(key))
      for (const [key] of newEntries) emitted.add(key)
      return retryUntilWritten(
        writer.write((_diffState, { account }) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            const observedAt = timestampFromMillis(now)
            const events = newEntries.map(([key, { path, reason, count }]): BlinkEvent => ({
              kind: "schema.drift",
              id: EventId.make(`schema.drift:${account}:${key}`),
              occurredAt: observedAt,
              observedAt,
              source: "log",
              subject: { account },
              data: { path, reason, count },
            }))
            return { events }
          }),
        ),
      )
    }),
  )
}
