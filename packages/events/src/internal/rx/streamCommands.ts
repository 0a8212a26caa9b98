import type { Command, CommandProgress } from "@blink-streams/core"
import { toObservable } from "@blink-streams/rx"
import { Context, Effect, SubscriptionRef } from "effect"
import { Observable } from "rxjs"
import type { AccountMonitorContract } from "../../AccountMonitorContract.ts"
import { makeMonitoredAccount } from "../promise/makeMonitoredAccount.ts"
import type { MonitoredAccount } from "../promise/MonitoredAccount.ts"
import type { ArmOptions } from "../handles/networkHandle.ts"
import { whileRunning } from "./whileRunning.ts"

/** The promise functions of an account, without those that close it: the streams do. */
export type AccountFunctions = Omit<MonitoredAccount, "close" | typeof Symbol.asyncDispose>

/** Commands of an account as observables. Each is sent once per subscription. */
export interface StreamCommands {
  /** Runs a command until its effect is verified and emits each status. */
  command(command: Command): Observable<CommandProgress>
  /** Arms a network, by name or id. `changed` is false when a poll shows that it is armed already. */
  arm(network: string | number, options?: ArmOptions): Observable<{ readonly changed: boolean }>
  /** As `arm`. */
  disarm(network: string | number, options?: ArmOptions): Observable<{ readonly changed: boolean }>
  /** Takes a new thumbnail of a camera, by name or by kind and id, and emits the JPEG. Wakes a battery camera. */
  takePicture(camera: string): Observable<Uint8Array>
  /** Polls everything now. Emits once, when the polls have ended. */
  refresh(): Observable<void>
  /**
   * Calls `use` with the promise functions of the account and emits what it resolves with. Unsubscribing aborts `signal`.
   *
   * @example
   * ```ts
   * const light$ = streams.run(({ camera }, signal) => camera("Porch").light(true, { signal }))
   * streams.motion$.pipe(exhaustMap(() => light$)).subscribe()
   * ```
   */
  run<A>(use: (account: AccountFunctions, signal: AbortSignal) => Promise<A>): Observable<A>
}

/** Promise functions of a monitor whose networks and cameras are known by name. */
const accountFunctions = async (
  monitor: AccountMonitorContract,
  signal: AbortSignal,
): Promise<AccountFunctions> => {
  const { asOf } = SubscriptionRef.getUnsafe(monitor.state)
  if (asOf === null) await Effect.runPromise(monitor.refresh, { signal })
  return makeMonitoredAccount(monitor, { runtime: Effect, closed: Effect.never, close: async () => {} })
}

/** Calls `use` once per subscription. Unsubscribing aborts the signal. */
const callOnce = <A>(use: (signal: AbortSignal) => Promise<A>): Observable<A> =>
  new Observable((subscriber) => {
    const controller = new AbortController()
    use(controller.signal).then(
      (value) => {
        subscriber.next(value)
        subscriber.complete()
      },
      (cause: unknown) => subscriber.error(cause),
    )
    return () => controller.abort()
  })

/** Makes the commands. The monitor runs until a command that was subscribed to has ended. */
export const streamCommands = (monitor$: Observable<AccountMonitorContract>): StreamCommands => {
  const run: StreamCommands["run"] = (use) =>
    monitor$.pipe(
      whileRunning((monitor) =>
        callOnce(async (signal) => use(await accountFunctions(monitor, signal), signal)),
      ),
    )
  return {
    command: (command) =>
      monitor$.pipe(whileRunning((monitor) => toObservable(monitor.command(command), Context.empty()))),
    arm: (network, options) => run((account, signal) => account.network(network).arm({ signal, ...options })),
    disarm: (network, options) =>
      run((account, signal) => account.network(network).disarm({ signal, ...options })),
    takePicture: (camera) => run((account, signal) => account.camera(camera).takePicture({ signal })),
    refresh: () => run((account, signal) => account.refresh({ signal })),
    run,
  }
}
