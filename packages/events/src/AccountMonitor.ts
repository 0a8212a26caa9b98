import type { BlinkError } from "@blink-streams/core"
import { Context, Layer } from "effect"
import { AccountLease, type AccountLeaseHeld } from "./AccountLease.ts"
import type {
  AccountMonitorContract,
  AccountMonitorOptions,
  AccountMonitorServices,
} from "./AccountMonitorContract.ts"
import type { EventLog } from "./EventLog.ts"
import { makeAccountMonitor } from "./internal/monitor/makeAccountMonitor.ts"
import type { LogError } from "./LogError.ts"

export type {
  AccountMonitorContract,
  AccountMonitorOptions,
  AccountMonitorServices,
  Delivery,
  EventsOptions,
  HistoryOptions,
  ReaderOptions,
  TemperatureLimits,
} from "./AccountMonitorContract.ts"

/**
 * The monitor of one account: it polls the account and writes each change to the event log.
 *
 * A failed poll changes only the health of its source: the last state stays and is marked stale.
 *
 * @example
 * ```ts
 * const monitor = yield* AccountMonitor
 * yield* monitor.events({ kinds: ["motion"] }).pipe(Stream.runForEach((event) => Effect.log(event.subject)))
 * ```
 */
export class AccountMonitor extends Context.Service<AccountMonitor, AccountMonitorContract>()(
  "@blink-streams/events/AccountMonitor",
) {
  /**
   * Starts polling; stops with its scope. **Errors.** `BlinkError` with `SignedOut` when no session is saved,
   * `AccountLeaseHeld` when this process monitors the account already.
   */
  static readonly layer = (
    options: AccountMonitorOptions = {},
  ): Layer.Layer<
    AccountMonitor,
    BlinkError | LogError | AccountLeaseHeld,
    AccountMonitorServices | EventLog
  > =>
    Layer.effect(AccountMonitor, makeAccountMonitor(options)).pipe(Layer.provide(AccountLease.layerInProcess))
}
