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
  /** With it a lost session can be mended by answering its prompt with the password. */
  readonly email?: string
}

/** All accounts of one process, over one log. */
export class AccountMonitors extends Context.Service<
  AccountMonitors,
  {
    readonly monitors: SubscriptionRef.SubscriptionRef<ReadonlyMap<AccountId, AccountMonitor["Service"]>>
    readonly log: EventLog["Service"]

    /**
     * Starts one account: `services` is its layer, as `BlinkAccount.layer` makes it. It stops with `Homes`.
     *
     * **Errors.** `BlinkError` when nobody has ever signed in to it, `AccountTaken`, and those of the layer.
     */
    add<E>(
      services: Layer.Layer<AccountMonitorServices, E>,
      options?: AddOptions,
    ): Effect.Effect<AccountMonitor["Service"], E | BlinkError | LogError | AccountLeaseHeld>

    /** Stops looking at an account. What the log has of it stays. */
    remove(account: AccountId): Effect.Effect<void>

    readonly prompts: SubscriptionRef.SubscriptionRef<ReadonlyArray<Prompt>>

    /** Hands in a code or a password. It is neither kept nor logged. **Errors.** `WrongPin`, `WrongPassword`, … */
    submitPrompt(prompt: string, value: Redacted.Redacted): Effect.Effect<void, BlinkError | PromptGone>
  }
>()("@blink-streams/events/AccountMonitors") {
  /** `layerNoDeps` is for nodes that share their leases. */
  static readonly layerNoDeps: Layer.Layer<AccountMonitors, never, EventLog | AccountLease> = Layer.effect(
    AccountMonitors,
    makeAccountMonitors,
  )
  static readonly layer: Layer.Layer<AccountMonitors, never, EventLog> = Layer.provide(
    AccountMonitors.layerNoDeps,
    AccountLease.layerInProcess,
  )
}
