import type { BlinkError } from "@blink-streams/core"
import type { AccountId } from "@blink-streams/model"
import type { Effect, Layer, Redacted, SubscriptionRef } from "effect"
import type { AccountLeaseHeld } from "./AccountLease.ts"
import type {
  AccountMonitorContract,
  AccountMonitorOptions,
  AccountMonitorServices,
} from "./AccountMonitorContract.ts"
import type { EventLogContract } from "./EventLogContract.ts"
import type { LogError } from "./LogError.ts"
import type { AccountPrompt, PromptGone } from "./Prompt.ts"

export interface AddOptions extends AccountMonitorOptions {
  /** Login of the account. With it, a `reauth` prompt is resolved by submitting the password. */
  readonly email?: string
}

/** Operations of the `AccountMonitors` service. */
export interface AccountMonitorsContract {
  /** The running monitors, by account. */
  readonly monitors: SubscriptionRef.SubscriptionRef<ReadonlyMap<AccountId, AccountMonitorContract>>
  readonly log: EventLogContract

  /**
   * Starts monitoring an account and returns its monitor. `services` is the account's layer, as `BlinkAccount.layer`
   * makes it. The monitor stops when this service stops.
   *
   * **Errors.** `BlinkError` when no session is saved, `AccountLeaseHeld`, and those of the layer.
   */
  add<E>(
    services: Layer.Layer<AccountMonitorServices, E>,
    options?: AddOptions,
  ): Effect.Effect<AccountMonitorContract, E | BlinkError | LogError | AccountLeaseHeld>

  /** Stops monitoring an account. Its events and its last state stay in the log. */
  remove(account: AccountId): Effect.Effect<void>

  /** Steps that await a person, at most one per account. */
  readonly prompts: SubscriptionRef.SubscriptionRef<ReadonlyArray<AccountPrompt>>

  /**
   * Submits a code or password, which is neither stored nor logged. **Errors.** `InvalidPin`, `InvalidCredentials`,
   * `PromptGone` and others.
   */
  submitPrompt(prompt: string, value: Redacted.Redacted): Effect.Effect<void, BlinkError | PromptGone>
}
