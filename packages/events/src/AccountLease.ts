import type { AccountId } from "@blink-streams/model"
import { Context, Effect, Layer, Schema, type Scope } from "effect"

/** The account is monitored already, by this process or by another node that shares the leases. */
export class AccountLeaseHeld extends Schema.TaggedError<AccountLeaseHeld>()("AccountLeaseHeld", {
  account: Schema.Int,
}) {
  override get message(): string {
    return `account ${this.account} is already monitored`
  }
}

/**
 * Leases that let only one monitor at a time poll an account, so that a second node never adds requests to the cloud.
 *
 * Nodes that share an event log must share this service as well.
 */
export class AccountLease extends Context.Service<
  AccountLease,
  {
    /**
     * Holds the right to poll `account` until the scope ends. **Errors.** `AccountLeaseHeld` while another monitor has
     * it.
     */
    acquire(account: AccountId): Effect.Effect<void, AccountLeaseHeld, Scope.Scope>
  }
>()("@blink-streams/events/AccountLease") {
  /** Leases that are known to this process only. */
  static readonly layerInProcess: Layer.Layer<AccountLease> = Layer.sync(AccountLease, () => {
    const held = new Set<AccountId>()
    const tryAcquire = (account: AccountId) =>
      Effect.suspend(() => {
        if (held.has(account)) return new AccountLeaseHeld({ account })
        held.add(account)
        return Effect.void
      })
    return {
      acquire: (account) =>
        Effect.acquireRelease(tryAcquire(account), () => Effect.sync(() => held.delete(account))),
    }
  })
}
