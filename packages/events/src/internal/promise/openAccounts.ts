import type { BlinkError } from "@blink-streams/core"
import type { AccountId, EventKind } from "@blink-streams/model"
import { Context, Deferred, Effect, Layer, ManagedRuntime } from "effect"
import type { AccountLeaseHeld } from "../../AccountLease.ts"
import type { AccountMonitorContract, HistoryOptions } from "../../AccountMonitorContract.ts"
import { AccountMonitors } from "../../AccountMonitors.ts"
import type { LogError } from "../../LogError.ts"
import { accountEvents } from "../monitor/accountEvents.ts"
import { accountHistory } from "../monitor/accountHistory.ts"
import { newestCursor } from "../monitor/newestCursor.ts"
import { accountReaders } from "../readers/accountReaders.ts"
import { accountServices } from "../setup/accountServices.ts"
import { eventLogLayer } from "../setup/eventLogLayer.ts"
import type { MonitorAccountOptions } from "../setup/MonitorAccountOptions.ts"
import { type CallOptions, withSignal } from "./CallOptions.ts"
import { findItem } from "../handles/findItem.ts"
import { makeIterateEvents } from "./iterateEvents.ts"
import { iterateUntil } from "./iterateUntil.ts"
import { makeMonitoredAccount } from "./makeMonitoredAccount.ts"
import type { MonitoredAccount } from "./MonitoredAccount.ts"
import type { MonitoredAccounts } from "./MonitoredAccounts.ts"
import { serviceContexts } from "./serviceContexts.ts"

/**
 * Signs in where needed and starts a monitor. Its first poll has ended before the first call, so that networks and
 * cameras are known by name.
 */
const startPolled = (
  options: MonitorAccountOptions,
): Effect.Effect<AccountMonitorContract, BlinkError | LogError | AccountLeaseHeld, AccountMonitors> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const monitors = yield* AccountMonitors
      const monitor = yield* restore(monitors.add(accountServices(options), options))
      yield* Effect.onInterrupt(restore(monitor.refresh), () => monitors.remove(monitor.account))
      return monitor
    }),
  )

/** Opens the log; accounts are added afterwards. `closeAccount` replaces what `close` of an account does. */
export const openAccounts = async (
  log: string | undefined,
  closeAccount?: (accounts: MonitoredAccounts) => Promise<void>,
): Promise<MonitoredAccounts> => {
  const runtime = ManagedRuntime.make(Layer.provideMerge(AccountMonitors.layer, eventLogLayer(log)))
  const services = await runtime.context()
  const monitors = Context.get(services, AccountMonitors)
  const readers = accountReaders(monitors.log, null)
  const members = new Map<AccountId, { readonly account: MonitoredAccount; readonly stop: () => void }>()
  const closed = Deferred.makeUnsafe<void>()

  const remove = async (id: AccountId) => {
    const member = members.get(id)
    if (member === undefined) return
    members.delete(id)
    member.stop()
    await runtime.runPromise(monitors.remove(id))
  }
  const close = () => {
    Deferred.doneUnsafe(closed, Effect.void)
    members.clear()
    return runtime.dispose()
  }
  const accounts: MonitoredAccounts = {
    get accounts() {
      return [...members.values()].map(({ account }) => account)
    },
    add: async (options, callOptions = {}) => {
      const monitor = await runtime.runPromise(startPolled(options), withSignal(callOptions))
      const stopped = Deferred.makeUnsafe<void>()
      const account = makeMonitoredAccount(monitor, {
        runtime,
        closed: Effect.raceFirst(Deferred.await(closed), Deferred.await(stopped)),
        close: () => closeAccount?.(accounts) ?? remove(monitor.account),
      })
      members.set(monitor.account, { account, stop: () => Deferred.doneUnsafe(stopped, Effect.void) })
      return account
    },
    remove: async (id) =>
      remove(
        findItem([...members.keys()], id, {
          noun: "account",
          nameOf: String,
          idsOf: (account) => [account],
        }),
      ),
    events: makeIterateEvents(
      {
        newestCursor: newestCursor(monitors.log),
        events: (options = {}) => accountEvents(monitors.log, null, options),
        deliveries: readers.deliveries,
      },
      Deferred.await(closed),
    ),
    readers: (options = {}) => runtime.runPromise(readers.readers, withSignal(options)),
    removeReader: (name, options = {}) => runtime.runPromise(readers.removeReader(name), withSignal(options)),
    history: <Kind extends EventKind>({ signal, ...options }: HistoryOptions<Kind> & CallOptions = {}) =>
      iterateUntil(accountHistory(monitors.log, null, options), Deferred.await(closed), signal),
    close,
    [Symbol.asyncDispose]: close,
  }
  serviceContexts.set(accounts, services)
  return accounts
}
