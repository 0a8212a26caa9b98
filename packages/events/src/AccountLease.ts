import type { AccountId } from "@blink-streams/model"
import { Context, Effect, Layer, Schema, type Scope } from "effect"

/** Another home of this account is running, here or on another node. */
export class AccountLeaseHeld extends Schema.TaggedError<AccountLeaseHeld>()("AccountLeaseHeld", {
  account: Schema.Int,
}) {
  override get message(): string {
    return `account ${this.account} is already looked at`
  }
}

/**
 * Who may look at which account: one at a time, so that another node never adds a call to the cloud. Nodes that share
 * a log share this as well.
 */
export class AccountLease extends Context.Service<
  AccountLease,
  {
    /** The right to look at an account, until the scope ends. **Errors.** `AccountTaken` while somebody else has it. */
    acquire(account: AccountId): Effect.Effect<void, AccountLeaseHeld, Scope.Scope>
  }
>()("@blink-streams/events/AccountLease") {
  /** Leases that only this process knows of. */
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
