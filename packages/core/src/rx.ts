import type { BudgetState, SessionState } from "@blink-streams/model/HomeState"
import type { Snapshot } from "@blink-streams/model/Snapshot"
import { shareState } from "@blink-streams/rx/shareState"
import { toObservable } from "@blink-streams/rx/toObservable"
import { Context, type Duration, Effect, Stream, SubscriptionRef } from "effect"
import type { Observable } from "rxjs"
import type { BlinkServices } from "./BlinkAccount.ts"
import { BlinkApi } from "./BlinkApi.ts"
import { Budget } from "./Budget.ts"
import { type CommandProgress, Commands } from "./Commands.ts"
import { Drift, type DriftEntry } from "./Drift.ts"
import { poll, type PollHealth, starting } from "./poll.ts"
import { Session } from "./Session.ts"
import type { Wish } from "./Wish.ts"

/** One account as observables. State comes at once and then with every change; nothing runs until subscribed. */
export interface AccountStreams {
  readonly session$: Observable<SessionState>
  readonly budget$: Observable<BudgetState>
  readonly drift$: Observable<ReadonlyMap<string, DriftEntry>>
  /**
   * A look at the home, again and again while somebody is subscribed. What passes is waited out; an error that
   * only a person can lift ends it.
   */
  readonly looks: (cadence: Duration.Duration) => {
    readonly look$: Observable<Snapshot>
    readonly health$: Observable<PollHealth>
  }
  /** Carries out `wish` for each subscriber. Unsubscribing stops the waiting, not what was sent. */
  readonly run: (wish: Wish) => Observable<CommandProgress>
}

/** Polling goes on for this long after the last subscriber has left, in case another comes. */
const graceMs = 5000

/** `services` is the context that `BlinkAccount.layer` builds: `await ManagedRuntime.make(layer).context()`. */
export const accountStreams = (services: Context.Context<BlinkServices>): AccountStreams => {
  const changes = <A>(state: SubscriptionRef.SubscriptionRef<A>): Observable<A> =>
    toObservable(SubscriptionRef.changes(state), services)
  return {
    session$: changes(Context.get(services, Session).state),
    budget$: changes(Context.get(services, Budget).state),
    drift$: changes(Context.get(services, Drift).state),
    looks: (cadence) => {
      const health = Effect.runSync(SubscriptionRef.make<PollHealth>(starting))
      const looks = poll(Context.get(services, BlinkApi).snapshot, {
        cadence: Effect.succeed(cadence),
        health,
      })
      return { look$: toObservable(looks, services).pipe(shareState(graceMs)), health$: changes(health) }
    },
    run: (wish) =>
      toObservable(
        Stream.suspend(() => Context.get(services, Commands).run(wish)),
        services,
      ),
  }
}
