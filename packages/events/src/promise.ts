import {
  BlinkAccount,
  type BlinkError,
  blinkError,
  type CloudSettingsInput,
  type Command,
  type CredentialProvider,
  ensureSignedIn,
  SignedOut,
  TokenStore,
} from "@blink-streams/core"
import type { AccountState } from "@blink-streams/model"
import { Deferred, Effect, Layer, ManagedRuntime, Redacted, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { EventLog } from "./EventLog.ts"
import { AccountMonitor } from "./AccountMonitor.ts"
import type { AccountMonitorContract, AccountMonitorOptions } from "./AccountMonitorContract.ts"
import type { ReaderStatus } from "./EventLogContract.ts"
import type { AccountCalls } from "./internal/promise/AccountCalls.ts"
import { type CallOptions, withSignal } from "./internal/promise/CallOptions.ts"
import { type CameraHandle, cameraHandle } from "./internal/promise/cameraHandle.ts"
import { type IterateEvents, makeIterateEvents } from "./internal/promise/iterateEvents.ts"
import { iterateUntil } from "./internal/promise/iterateUntil.ts"
import { type NetworkHandle, networkHandle } from "./internal/promise/networkHandle.ts"

export type { CallOptions } from "./internal/promise/CallOptions.ts"
export type { IterateEvents } from "./internal/promise/iterateEvents.ts"
export type { CameraHandle } from "./internal/promise/cameraHandle.ts"
export type { NetworkHandle } from "./internal/promise/networkHandle.ts"

/** Input that a person has to provide. `attempt` counts from 1; higher after a wrong code. */
export type SignInPrompt =
  | { readonly kind: "email" | "password" }
  | { readonly kind: "two_factor"; readonly attempt: number; readonly channel: string }

/** Stores the session in a file of mode 0600. */
export const fileStore = (path: string): Layer.Layer<TokenStore> => TokenStore.layerFile(path)

export interface MonitorAccountOptions extends AccountMonitorOptions {
  /** Store of the session, such as `fileStore(path)`. */
  readonly store: Layer.Layer<TokenStore>
  /** File of the event log. Default: in memory, until `close`. */
  readonly log?: string
  /** Returns the email, password or code of a sign-in. Without it, a saved session is required. */
  readonly onPrompt?: (prompt: SignInPrompt) => Promise<string>
  readonly dialect?: CloudSettingsInput["dialect"]
  readonly apiUrl?: CloudSettingsInput["apiUrl"]
  readonly oauthUrl?: CloudSettingsInput["oauthUrl"]
  /** Aborts the start. It has no effect afterwards: use `close`. */
  readonly signal?: AbortSignal
}

/**
 * One monitored account, for code that uses promises. Rejects with a `BlinkError` (`code`, `retryable`, `retryAfterMs`
 * and a readable `message`) or a `LogError`.
 */
export interface MonitoredAccount extends AsyncDisposable {
  /** The newest state. */
  readonly state: AccountState
  /** Finds a network by name or id. Throws a `TypeError` when none or more than one matches. */
  network(nameOrId: string | number): NetworkHandle
  /** Finds a camera by name, or by kind and id as in `"mini:88001"`. */
  camera(nameOrKey: string): CameraHandle
  /**
   * Emits each event once, in order. What a slow reader has not read waits in the log, not in memory. Rejects with
   * `CursorExpired` when the log has deleted events that were not read.
   *
   * With `reader`, the position of that reader in the log moves when the loop asks for the next event. `break` and `throw`
   * leave the event in hand unhandled: it is the first one of the next loop, after a restart as well. A second loop of one
   * reader rejects with `ReaderInUse`.
   */
  readonly events: IterateEvents
  /** The readers of this account, with their lag. */
  readers(options?: CallOptions): Promise<ReadonlyArray<ReaderStatus>>
  /** Removes a reader. Resolves with false when there is none of this name; rejects with `ReaderInUse` while it is open. */
  removeReader(name: string, options?: CallOptions): Promise<boolean>
  /** Emits the present state, then each new one. A slow reader gets only the newest. */
  states(options?: CallOptions): AsyncIterable<AccountState>
  /** Runs any `Command` of core. Resolves with its result, or `null`. */
  command(command: Command, options?: CallOptions): Promise<unknown>
  /** Polls everything now. */
  refresh(options?: CallOptions): Promise<void>
  /** Downloads a thumbnail or clip by its path in an event or the state. */
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** Stops polling and ends every iteration of events and states. */
  close(): Promise<void>
}

/** Credentials from prompts. Without `onPrompt` each is rejected with `SignedOut`. */
const promptThrough = (onPrompt: MonitorAccountOptions["onPrompt"]): CredentialProvider<BlinkError> => {
  const prompt = (request: SignInPrompt): Effect.Effect<string, BlinkError> =>
    onPrompt === undefined
      ? Effect.fail(blinkError("sign in", new SignedOut({}), "no"))
      : Effect.promise(() => onPrompt(request))
  const secret = (request: SignInPrompt) => Effect.map(prompt(request), (value) => Redacted.make(value))
  return {
    attended: false,
    email: prompt({ kind: "email" }),
    password: secret({ kind: "password" }),
    pin: ({ attempt, channel }) => secret({ kind: "two_factor", attempt, channel }),
  }
}

/**
 * Signs in where needed and starts polling. Resolves after the first poll. Rejects with a `BlinkError` when no session
 * is saved and `onPrompt` is missing or gives up.
 *
 * @example
 * ```ts
 * await using account = await monitorAccount({ store: fileStore("session.json") })
 * for await (const event of account.events({ kinds: ["motion"] })) console.log(event.subject.name)
 * ```
 */
export const monitorAccount = async (options: MonitorAccountOptions): Promise<MonitoredAccount> => {
  const { store, log, onPrompt, dialect, apiUrl, oauthUrl, signal: _, ...monitorOptions } = options
  const account = Layer.provide(
    BlinkAccount.layer({ config: { dialect, apiUrl, oauthUrl }, store }),
    FetchHttpClient.layer,
  )
  const signedIn = Layer.effectDiscard(ensureSignedIn(promptThrough(onPrompt)))
  const runtime = ManagedRuntime.make(
    AccountMonitor.layer(monitorOptions).pipe(
      Layer.provide(signedIn),
      Layer.provide(account),
      Layer.provide(log === undefined ? EventLog.layerMemory : EventLog.layerSqlite({ filename: log })),
    ),
  )
  // The first poll has ended before the first call, so that networks and cameras are known by name.
  const ready = Effect.tap(Effect.service(AccountMonitor), ({ refresh }) => refresh)
  const monitor = await runtime.runPromise(ready, withSignal(options)).catch(async (cause: unknown) => {
    await runtime.dispose()
    throw cause
  })
  return makeMonitoredAccount(monitor, runtime)
}

type Runtime = Pick<ManagedRuntime.ManagedRuntime<AccountMonitor, unknown>, "runPromise" | "dispose">

const makeMonitoredAccount = (monitor: AccountMonitorContract, runtime: Runtime): MonitoredAccount => {
  const state = () => SubscriptionRef.getUnsafe(monitor.state)
  const closed = Deferred.makeUnsafe<void>()
  const command = async (input: Command, options: CallOptions = {}): Promise<unknown> => {
    const last = await runtime.runPromise(Stream.runLast(monitor.command(input)), withSignal(options))
    return last._tag === "Some" ? (last.value.value ?? null) : null
  }
  const bytes = (path: string, options: CallOptions = {}) =>
    runtime.runPromise(monitor.bytes(path), withSignal(options))
  const calls: AccountCalls = { state, command, bytes }
  const close = () => {
    Deferred.doneUnsafe(closed, Effect.void)
    return runtime.dispose()
  }
  return {
    get state() {
      return state()
    },
    network: (nameOrId) => networkHandle(calls, nameOrId),
    camera: (nameOrKey) => cameraHandle(calls, nameOrKey),
    events: makeIterateEvents(monitor, Deferred.await(closed)),
    readers: (options = {}) => runtime.runPromise(monitor.readers, withSignal(options)),
    removeReader: (name, options = {}) => runtime.runPromise(monitor.removeReader(name), withSignal(options)),
    states: ({ signal } = {}) => {
      const newest = Stream.buffer(SubscriptionRef.changes(monitor.state), {
        capacity: 1,
        strategy: "sliding",
      })
      return iterateUntil(newest, Deferred.await(closed), signal)
    },
    command,
    refresh: (options = {}) => runtime.runPromise(monitor.refresh, withSignal(options)),
    bytes,
    close,
    [Symbol.asyncDispose]: close,
  }
}
