import { accountIdOf, BlinkApi, type BlinkError, TokenStore } from "@blink-streams/core"
import type { AccountId, AccountState, EventSource } from "@blink-streams/model"
import { Context, Effect, Layer, Schema } from "effect"
import { EventLog } from "../../EventLog.ts"
import { LogCorrupt, LogError } from "../../LogError.ts"
import { DiffState, initialDiffState } from "../derive/DiffState.ts"

/** Source whose checkpoint is the `DiffState`. */
export const homescreenSourceName = "state"

/**
 * Returns the account id. The saved session has it, because it must be known while the cloud cannot be reached, and for
 * the prompt of an account whose session is lost.
 */
export const resolveAccount = Effect.gen(function* () {
  const saved = yield* (yield* TokenStore).load
  const known = saved === null ? null : accountIdOf(saved)
  return known ?? (yield* (yield* BlinkApi).account)
})

/** Checkpoints and state of one account in the log when its monitor starts. */
export class AccountRecord extends Context.Service<
  AccountRecord,
  {
    readonly account: AccountId
    /** The state that was written last; `null` for a new account. */
    readonly lastState: AccountState | null
    readonly diffState: DiffState
    /** Returns the checkpoint of a source; `null` when it has none. **Errors.** `LogCorrupt` when it has another form. */
    checkpoint<A>(source: EventSource, schema: Schema.Codec<A, unknown>): Effect.Effect<A | null, LogError>
  }
>()("@blink-streams/events/AccountRecord") {
  static readonly layer: Layer.Layer<AccountRecord, BlinkError | LogError, EventLog | TokenStore | BlinkApi> =
    Layer.effect(
      AccountRecord,
      Effect.gen(function* () {
        const log = yield* EventLog
        const account = yield* resolveAccount
        const { state } = yield* log.snapshot
        const checkpoint = Effect.fnUntraced(function* <A>(
          source: EventSource,
          schema: Schema.Codec<A, unknown>,
        ) {
          const value = yield* log.checkpoint(account, source)
          if (value === null) return null
          return yield* Effect.mapError(
            Schema.decodeEffect(schema)(value),
            (cause) =>
              new LogError({ operation: `checkpoint of ${source}`, reason: new LogCorrupt({ cause }) }),
          )
        })
        return {
          account,
          lastState: state.accounts.find((known) => known.account === account) ?? null,
          diffState: (yield* checkpoint(homescreenSourceName, DiffState)) ?? initialDiffState,
          checkpoint,
        }
      }),
    )
}
