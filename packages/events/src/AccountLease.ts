import type { AccountId } from "@blink-streams/model"
import { Context, Effect, Layer, Schema, type Scope } from "effect"

/** The account is monitored already, by this process or by another node that shares the leases. */
export class AccountLeaseHeld extends Schema.TaggedError<AccountLeaseHeld>()("AccountLeaseHeld", {
  account: Schema.Int,
}) {
  override get message(): string {
    return `account ${this.account} is already monitored: use that monitor, or close it first`
  }

  /** As in `BlinkError` and `LogError`. */
  get code(): "AccountLeaseHeld" {
    return this._tag
  }
}

/** Leases of this process, by API address and account: another cloud, such as an emulator, may use the same ids. */
const heldInProcess = new Set<string>()

/**
 * Leases that let only one monitor at a time poll an account, so that a second one never adds requests to the cloud.
 *
 * Nodes that share an event log must share this service as well.
 */
export class AccountLease extends Context.Service<
  AccountLease,
  {
    /**
     * Holds the right to poll `account` at the cloud of `apiUrl` until the scope ends. **Errors.** `AccountLeaseHeld`
     * while another monitor has it.
     */
    acquire(account: AccountId, apiUrl: string): Effect.Effect<void, AccountLeaseHeld, Scope.Scope>
  }
>()("@blink-streams/events/AccountLease") {
  /** The leases of this process: one monitor of an account, whichever log it writes. */
  static readonly layerInProcess: Layer.Layer<AccountLease> = Layer.succeed(AccountLease, {
    acquire: (account, apiUrl) => {
      const key = `${apiUrl} ${account}`
      const tryAcquire = Effect.suspend(() => {
        if (heldInProcess.has(key)) return new AccountLeaseHeld({ account })
        heldInProcess.add(key)
        return Effect.void
      })
      return Effect.acquireRelease(tryAcquire, () => Effect.sync(() => heldInProcess.delete(key)))
    },
  })
}
