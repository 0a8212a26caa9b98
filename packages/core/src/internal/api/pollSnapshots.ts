import type { Snapshot, SourceHealth } from "@blink-streams/model"
import { type Duration, Effect, Stream, SubscriptionRef } from "effect"
import type { BlinkApi } from "../../BlinkApi.ts"
import type { BlinkError } from "../../BlinkError.ts"
import { initialHealth, poll } from "../../poll.ts"

/** Polls snapshots and reports the health of the poll to `onHealth`, the last time before the stream ends. */
export const pollSnapshots = (
  api: BlinkApi["Service"],
  interval: Duration.Duration,
  onHealth: (health: SourceHealth) => void,
): Stream.Stream<Snapshot, BlinkError> => {
  const report = (now: SourceHealth) => Effect.sync(() => onHealth(now))
  return Stream.unwrap(
    Effect.gen(function* () {
      const health = yield* SubscriptionRef.make<SourceHealth>(initialHealth)
      const reportLatest = Effect.flatMap(SubscriptionRef.get(health), report)
      yield* SubscriptionRef.changes(health).pipe(Stream.runForEach(report), Effect.forkScoped)
      // The health of a snapshot is reported before it, the health of an error before the stream fails.
      return poll(api.snapshot, { interval: Effect.succeed(interval), health }).pipe(
        Stream.tap(() => reportLatest),
        Stream.ensuring(reportLatest),
      )
    }),
  )
}
