import type { BlinkError } from "@blink-streams/core"
import type { AccountId } from "@blink-streams/model"
import { Context, type Effect, Layer, type Redacted, type SubscriptionRef } from "effect"
import { AccountLease, type AccountLeaseHeld } from "./AccountLease.ts"
import type { EventLog } from "./EventLog.ts"
import type { AccountMonitor, AccountMonitorOptions, AccountMonitorServices } from "./AccountMonitor.ts"
import { makeAccountMonitors } from "./internal/monitor/makeAccountMonitors.ts"
import type { LogError } from "./LogError.ts"
import type { Prompt, PromptGone } from "./Prompt.ts"

export interface AddOptions extends AccountMonitorOptions {
  /** Login of the account. With it, a `reauth` prompt is resolved by submitting the password. */
  readonly email?: string
}

/**
 * The monitors of all accounts of one process, over one event log.
 *
 * @example
 * ```ts
 * const monitors = yield* AccountMonitors
 * const monitor = yield* monitors.add(account, { email: "me@example.com" })
 * ```
 */
export class AccountMonitors extends Context.Service<
  AccountMonitors,
  {
    /** The running monitors, by account. */
    readonly monitors: SubscriptionRef.SubscriptionRef<ReadonlyMap<AccountId, AccountMonitor["Service"]>>
    readonly log: EventLog["Service"]

    /**
     * Starts monitoring an account and returns its monitor. `services` is the account's layer, as `BlinkAccount.layer`
     * makes it. The monitor stops when this service stops.
     *
     * **Errors.** `BlinkError` when no session is saved, `AccountLeaseHeld`, and those of the layer.
     */
    add<E>(
      services: Layer.Layer<AccountMonitorServices, E>,
      options?: AddOptions,
    ): Effect.Effect<AccountMonitor["Service"], E | BlinkError | LogError | AccountLeaseHeld>

    /** Stops monitoring an account. Its events and its last state stay in the log. */
    remove(account: AccountId): Effect.Effect<void>

    /** Steps that await a person, at most one per account. */
    readonly prompts: SubscriptionRef.SubscriptionRef<ReadonlyArray<Prompt>>

    /**
     * Submits a code or password, which is neither stored nor logged. **Errors.** `InvalidPin`, `InvalidCredentials`,
     * `PromptGone` and others.
     */
    submitPrompt(prompt: string, value: Redacted.Redacted): Effect.Effect<void, BlinkError | PromptGone>
  }
>()("@blink-streams/events/AccountMonitors") {
  /** For nodes that share an `AccountLease`. */
  static readonly layerNoDeps: Layer.Layer<AccountMonitors, never, EventLog | AccountLease> = Layer.effect(
    AccountMonitors,
    makeAccountMonitors,
  )
  /** With leases that are known to this process only. */
  static readonly layer: Layer.Layer<AccountMonitors, never, EventLog> = Layer.provide(
    AccountMonitors.layerNoDeps,
    AccountLease.layerInProcess,
  )
}
