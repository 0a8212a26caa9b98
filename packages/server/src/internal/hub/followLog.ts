import { AccountMonitors } from "@blink-streams/events"
import { Effect, Schedule, Stream } from "effect"
import { SubscriptionCursors } from "../replay/SubscriptionCursors.ts"
import { StateFeed } from "./StateFeed.ts"

/** Delays between attempts to read the log. */
const retrySchedule = Schedule.min([Schedule.exponential("100 millis"), Schedule.spaced("5 seconds")])

/**
 * Publishes the log from its newest position. Cursors behind it replay from the log, with a gap if events are missing.
 */
export const followLog = Effect.gen(function* () {
  const { log } = yield* AccountMonitors
  const cursors = yield* SubscriptionCursors
  const states = yield* StateFeed
  const { seq, state } = yield* log.snapshot
  for (const account of state.accounts) states.update(account)
  cursors.advanceTo(seq)
  states.sendDue()
  return yield* Stream.runForEachArray(log.changes, (changes) =>
    Effect.sync(() => {
      // States first: a peer that has received these events must not get an older state.
      for (const { state } of changes) if (state !== null) states.update(state)
      for (const change of changes) cursors.publish(change)
      states.sendDue()
    }),
  )
}).pipe(
  Effect.tapCause((cause) => Effect.logWarning("the event log feed failed and is restarted", cause)),
  Effect.retry(retrySchedule),
)
