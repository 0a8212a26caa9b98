import { AccountMonitors } from "@blink-streams/events"
import { Effect, Layer, Stream, SubscriptionRef } from "effect"
import { observeGauge } from "./observe.ts"

/** Exports the budget of the account with the fewest requests left, while there is an account. */
export const observeBudget: Layer.Layer<never, never, AccountMonitors> = Layer.effectDiscard(
  Effect.gen(function* () {
    const { monitors } = yield* AccountMonitors
    const callsLeft = () =>
      Math.min(
        ...[...SubscriptionRef.getUnsafe(monitors).values()].map(
          ({ state }) => SubscriptionRef.getUnsafe(state).budget.callsLeft,
        ),
      )
    const description = "Requests to the cloud left this hour; the minimum over all accounts."
    const observe = Effect.andThen(observeGauge("budget_calls_left", description, callsLeft), Effect.never)
    yield* SubscriptionRef.changes(monitors).pipe(
      Stream.map((all) => all.size > 0),
      Stream.changes,
      Stream.switchMap((hasAccounts) =>
        hasAccounts ? Stream.fromEffect(Effect.scoped(observe)) : Stream.empty,
      ),
      Stream.runDrain,
      Effect.forkScoped({ startImmediately: true }),
    )
  }),
)
