import type { BudgetState } from "@blink-streams/model/HomeState"
import { Context, type Effect, type SubscriptionRef } from "effect"
import type { BlinkError } from "./BlinkError.ts"

/** Who goes first when requests have to wait, and who may use up the last ones of an hour. */
export type Priority = "command" | "poll" | "media" | "housekeeping"

/**
 * One account's allowance of requests, for everything this program does.
 *
 * At most four are under way at once, by priority. When the cloud or its edge turns one away, nothing is sent
 * for 1, 2, 5, 15, then 60 minutes, or for as long as the cloud names if that is more: what would be sent
 * fails at once and says until when.
 */
export class Budget extends Context.Service<
  Budget,
  {
    readonly state: SubscriptionRef.SubscriptionRef<BudgetState>
    /**
     * Runs `request` as one call. **Errors.** `Throttled` or `EdgeBlocked` while backing off, `BudgetSpent` when
     * the hour is used up; nothing is sent then.
     */
    spend(
      priority: Priority,
    ): <A, E, R>(request: Effect.Effect<A, E | BlinkError, R>) => Effect.Effect<A, E | BlinkError, R>
  }
>()("@blink-streams/core/Budget") {}
