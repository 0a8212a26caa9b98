import type { AccountState } from "@blink-streams/model"
import { Deferred, Effect, Stream } from "effect"
import { noArmedPeriods, occurredWhileArmed, updateArmedPeriods } from "./armedPeriods.ts"
import type { WithSubject } from "./subjects.ts"
import type { WithTimes } from "./withLagMs.ts"

/** Emits the events that occurred while their network was armed by `states`. Waits for the first state; reads no event ahead. */
export const streamWhileArmed = <A extends WithSubject & WithTimes, E, F>(
  events: Stream.Stream<A, E>,
  states: Stream.Stream<AccountState, F>,
): Stream.Stream<A, E | F> =>
  Stream.unwrap(
    Effect.sync(() => {
      let periods = noArmedPeriods
      const known = Deferred.makeUnsafe<void>()
      const followStates = Stream.runForEach(states, (state) => {
        periods = updateArmedPeriods(periods, state)
        return Deferred.succeed(known, undefined)
      }).pipe(
        Effect.andThen(Deferred.succeed(known, undefined)),
        // The events go on when the states end.
        Effect.andThen(Effect.never),
      )
      return events.pipe(
        Stream.tap(() => Deferred.await(known)),
        Stream.filter((event) => occurredWhileArmed(periods, event)),
        Stream.interruptWhen(followStates),
      )
    }),
  )
