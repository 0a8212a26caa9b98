import { BlinkAccount, type CloudSettingsInput, TokenStore, type Command } from "@blink-streams/core"
import {
  type AccountState,
  type Camera,
  cameraKey,
  type CursorEvent,
  type EventKind,
  type NetworkState,
} from "@blink-streams/model"
import { Deferred, Effect, identity, Layer, ManagedRuntime, Redacted, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { EventLog } from "./EventLog.ts"
import { AccountMonitor } from "./AccountMonitor.ts"
import type {
  AccountMonitorContract,
  AccountMonitorOptions,
  EventsOptions,
} from "./AccountMonitorContract.ts"
import { type PromptUser, rejectPrompts, signIn, type SignInPrompt } from "./internal/session/signIn.ts"

export type { SignInPrompt } from "./internal/session/signIn.ts"

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

export interface CallOptions {
  /** Stops waiting, not the command. */
  readonly signal?: AbortSignal
}

export interface NetworkHandle {
  readonly state: NetworkState
  /** Resolves once the cloud reports the command as done and a poll confirms it. */
  arm(options?: CallOptions): Promise<void>
  disarm(options?: CallOptions): Promise<void>
}

export interface CameraHandle {
  readonly state: AccountState["cameras"][number]
  enable(options?: CallOptions): Promise<void>
  disable(options?: CallOptions): Promise<void>
  /** Takes a new thumbnail and resolves with the JPEG. */
  snap(options?: CallOptions): Promise<Uint8Array>
  /** Records a clip now. */
  record(options?: CallOptions): Promise<void>
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
   */
  events<Kind extends EventKind = EventKind>(
    options?: EventsOptions<Kind> & CallOptions,
  ): AsyncIterable<CursorEvent<Kind>>
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

const promptThrough = (onPrompt: MonitorAccountOptions["onPrompt"]): PromptUser =>
  onPrompt === undefined
    ? rejectPrompts
    : (prompt) =>
        Effect.map(
          Effect.promise(() => onPrompt(prompt)),
          (value) => Redacted.make(value),
        )

const exactlyOne = <A>(found: ReadonlyArray<A>, description: string): A => {
  const [first, ...others] = found
  if (first === undefined) throw new TypeError(`there is no ${description}`)
  if (others.length > 0) throw new TypeError(`there is more than one ${description}: use its id`)
  return first
}
const target = ({ networkId, kind, id }: Camera) => ({ network: networkId, kind, camera: id })
const withSignal = ({ signal }: CallOptions) => (signal === undefined ? {} : { signal })

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
  const signedIn = Layer.effectDiscard(signIn(promptThrough(onPrompt)))
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

  /** Ends without an error when `signal` is aborted or the account is closed. */
  const iterable = <A, E>(stream: Stream.Stream<A, E>, signal: AbortSignal | undefined): AsyncIterable<A> =>
    Stream.toAsyncIterable(
      stream.pipe(
        Stream.interruptWhen(Deferred.await(closed)),
        signal === undefined ? identity : Stream.interruptWhen(aborted(signal)),
      ),
    )

  const runCommand = async (command: Command, options: CallOptions = {}): Promise<unknown> => {
    const last = await runtime.runPromise(Stream.runLast(monitor.command(command)), withSignal(options))
    return last._tag === "Some" ? (last.value.value ?? null) : null
  }
  const bytes = (path: string, options: CallOptions = {}) =>
    runtime.runPromise(monitor.bytes(path), withSignal(options))

  const network = (nameOrId: string | number): NetworkHandle => {
    const { id } = exactlyOne(
      state().networks.filter((known) => known.id === nameOrId || known.name === nameOrId),
      `network "${nameOrId}"`,
    )
    const find = () =>
      exactlyOne(
        state().networks.filter((known) => known.id === id),
        `network "${nameOrId}"`,
      )
    const act = (name: "arm" | "disarm") => async (options?: CallOptions) => {
      await runCommand({ name, network: id }, options)
    }
    return {
      get state() {
        return find()
      },
      arm: act("arm"),
      disarm: act("disarm"),
    }
  }

  const camera = (nameOrKey: string): CameraHandle => {
    const key = cameraKey(
      exactlyOne(
        state().cameras.filter((known) => known.name === nameOrKey || cameraKey(known) === nameOrKey),
        `camera "${nameOrKey}"`,
      ),
    )
    const find = () =>
      exactlyOne(
        state().cameras.filter((known) => cameraKey(known) === key),
        `camera "${nameOrKey}"`,
      )
    const act = (name: "enable" | "disable" | "clip") => async (options?: CallOptions) => {
      await runCommand({ name, ...target(find()) }, options)
    }
    return {
      get state() {
        return find()
      },
      enable: act("enable"),
      disable: act("disable"),
      record: act("clip"),
      snap: async (options) => {
        await runCommand({ name: "thumbnail", ...target(find()) }, options)
        const { thumbnail } = find()
        if (thumbnail === null) throw new TypeError(`camera "${nameOrKey}" has no thumbnail`)
        return bytes(thumbnail.url, options)
      },
    }
  }

  const events = <Kind extends EventKind>({
    signal,
    ...options
  }: EventsOptions<Kind> & CallOptions = {}): AsyncIterable<CursorEvent<Kind>> =>
    iterable(monitor.events(options), signal)

  const close = () => {
    Deferred.doneUnsafe(closed, Effect.void)
    return runtime.dispose()
  }
  return {
    get state() {
      return state()
    },
    network,
    camera,
    events,
    states: ({ signal } = {}) =>
      iterable(
        SubscriptionRef.changes(monitor.state).pipe(Stream.buffer({ capacity: 1, strategy: "sliding" })),
        signal,
      ),
    command: runCommand,
    refresh: (options = {}) => runtime.runPromise(monitor.refresh, withSignal(options)),
    bytes,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const aborted = (signal: AbortSignal) =>
  Effect.callback<void>((resume) => {
    const stop = () => resume(Effect.void)
    if (signal.aborted) stop()
    else signal.addEventListener("abort", stop, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", stop))
  })
