import { Context, Layer } from "effect"
import { AccountLease } from "./AccountLease.ts"
import type { AccountMonitorsContract } from "./AccountMonitorsContract.ts"
import type { EventLog } from "./EventLog.ts"
import { makeAccountMonitors } from "./internal/monitor/makeAccountMonitors.ts"

export type { AddOptions, AccountMonitorsContract } from "./AccountMonitorsContract.ts"

/**
 * The monitors of all accounts of one process, over one event log.
 *
 * @example
 * ```ts
 * const monitors = yield* AccountMonitors
 * const monitor = yield* monitors.add(account, { email: "me@example.com" })
 * ```
 */
export class AccountMonitors extends Context.Service<AccountMonitors, AccountMonitorsContract>()(
  "@blink-streams/events/AccountMonitors",
) {
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
