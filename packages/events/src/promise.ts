import { effectServices } from "./effectServices.ts"
import type { MonitoredAccount } from "./internal/promise/MonitoredAccount.ts"
import type { MonitoredAccounts } from "./internal/promise/MonitoredAccounts.ts"
import { openAccounts } from "./internal/promise/openAccounts.ts"
import { serviceContexts } from "./internal/promise/serviceContexts.ts"
import type { MonitorAccountOptions } from "./internal/setup/MonitorAccountOptions.ts"

export type { CallOptions } from "./internal/promise/CallOptions.ts"
export type { IterateEvents } from "./internal/promise/iterateEvents.ts"
export type { CameraHandle } from "./internal/handles/cameraHandle.ts"
export type { MonitoredAccount } from "./internal/promise/MonitoredAccount.ts"
export type { MonitoredAccounts } from "./internal/promise/MonitoredAccounts.ts"
export * from "./iterableOperators.ts"
export type { NetworkHandle } from "./internal/handles/networkHandle.ts"
export { fileStore } from "./internal/setup/fileStore.ts"
export type { MonitorAccountOptions, SignInPrompt } from "./internal/setup/MonitorAccountOptions.ts"

export interface LogOptions {
  /** File of the event log. Default: in memory, until `close`. */
  readonly log?: string
  /** Aborts the start. It has no effect afterwards: use `close`. */
  readonly signal?: AbortSignal
}

const closeOnFailure = <A>(accounts: MonitoredAccounts, started: Promise<A>): Promise<A> =>
  started.catch(async (cause: unknown) => {
    await accounts.close()
    throw cause
  })

/**
 * Monitors several accounts over one event log. Each signs in where needed, one after the other. Resolves after the
 * first poll of each; rejects as `monitorAccount` when one cannot start.
 *
 * @example
 * ```ts
 * const files = ["home.json", "cabin.json"].map((path) => ({ store: fileStore(path) }))
 * await using accounts = await monitorAccounts(files, { log: "events.sqlite" })
 * for await (const event of accounts.events()) console.log(event.subject.account, event.kind)
 * ```
 */
export const monitorAccounts = async (
  options: ReadonlyArray<MonitorAccountOptions>,
  { log, ...callOptions }: LogOptions = {},
): Promise<MonitoredAccounts> => {
  const accounts = await openAccounts(log)
  await closeOnFailure(accounts, Promise.all(options.map((each) => accounts.add(each, callOptions))))
  return accounts
}

/**
 * Signs in where needed and starts polling. Resolves after the first poll. Rejects with a `BlinkError` when no session
 * is saved and `onPrompt` is missing or gives up, with `AccountLeaseHeld` when this process monitors the account
 * already, and with a `LogError` when the log cannot be opened.
 *
 * @example
 * ```ts
 * await using account = await monitorAccount({ store: fileStore("session.json") })
 * for await (const event of account.events({ kinds: ["motion"] })) console.log(event.subject.name)
 * ```
 */
export const monitorAccount = async (
  options: MonitorAccountOptions & LogOptions,
): Promise<MonitoredAccount> => {
  const accounts = await openAccounts(options.log, (opened) => opened.close())
  const account = await closeOnFailure(accounts, accounts.add(options, options))
  serviceContexts.set(account, effectServices(accounts))
  return account
}
