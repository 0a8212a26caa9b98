import type { BlinkError } from "@blink-streams/core/BlinkError"
import type { AccountId } from "@blink-streams/model"
import { Context, type Effect, Layer, type Redacted, type SubscriptionRef } from "effect"
import { AccountLease, type AccountTaken } from "./AccountLease.ts"
import type { EventLog } from "./EventLog.ts"
import type { Home, HomeOptions, HomeServices } from "./Home.ts"
import { makeHomes } from "./internal/makeHomes.ts"
import type { LogError } from "./LogError.ts"
import type { Prompt, PromptGone } from "./Prompt.ts"

export interface AddOptions extends HomeOptions {
  /** With it a lost session can be mended by answering its prompt with the password. */
  readonly email?: string
}

/** All accounts of one process, over one log. */
export class Homes extends Context.Service<
  Homes,
  {
    readonly all: SubscriptionRef.SubscriptionRef<ReadonlyMap<AccountId, Home["Service"]>>
    readonly log: EventLog["Service"]

    /**
     * Starts one account: `services` is its layer, as `BlinkAccount.layer` makes it. It stops with `Homes`.
     *
     * **Errors.** `BlinkError` when nobody has ever signed in to it, `AccountTaken`, and those of the layer.
     */
    add<E>(
      services: Layer.Layer<HomeServices, E>,
      options?: AddOptions,
    ): Effect.Effect<Home["Service"], E | BlinkError | LogError | AccountTaken>

    /** Stops looking at an account. What the log has of it stays. */
    remove(account: AccountId): Effect.Effect<void>

    readonly prompts: SubscriptionRef.SubscriptionRef<ReadonlyArray<Prompt>>

    /** Hands in a code or a password. It is neither kept nor logged. **Errors.** `WrongPin`, `WrongPassword`, … */
    answer(prompt: string, value: Redacted.Redacted): Effect.Effect<void, BlinkError | PromptGone>
  }
>()("@blink-streams/events/Homes") {
  /** `layerNoDeps` is for nodes that share their leases. */
  static readonly layerNoDeps: Layer.Layer<Homes, never, EventLog | AccountLease> = Layer.effect(
    Homes,
    makeHomes,
  )
  static readonly layer: Layer.Layer<Homes, never, EventLog> = Layer.provide(
    Homes.layerNoDeps,
    AccountLease.layerInProcess,
  )
}
