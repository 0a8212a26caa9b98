import { BlinkAccount, type SettingsInput, TokenStore, type Command } from "@blink-streams/core"
import {
  type AccountState,
  type Camera,
  cameraKey,
  type EventKind,
  type NetworkState,
} from "@blink-streams/model"
import { Deferred, Effect, identity, Layer, ManagedRuntime, Redacted, Stream, SubscriptionRef } from "effect"
import { FetchHttpClient } from "effect/http"
import { EventLog } from "./EventLog.ts"
import { AccountMonitor, type AccountMonitorOptions } from "./AccountMonitor.ts"
import { type CursorEvent, withCursor, parseCursorOrThrow } from "./CursorEvent.ts"
import { type PromptUser, rejectPrompts, signIn, type SignInPrompt } from "./internal/session/signIn.ts"

export type { CursorEvent } from "./CursorEvent.ts"
export type { SignInPrompt } from "./internal/session/signIn.ts"

/** A session in a file of mode 0600. */
export const fileStore = (path: string): Layer.Layer<TokenStore> => TokenStore.layerFile(path)

export interface MonitorAccountOptions extends AccountMonitorOptions {
  /** Where the session is kept: `fileStore(path)`. */
  readonly store: Layer.Layer<TokenStore>
  /** File of the event log. Without one, events are remembered until `close`. */
  readonly log?: string
  /** Answers what sign-in asks for. Without it, only a saved session will do. */
  readonly onPrompt?: (prompt: SignInPrompt) => Promise<string>
  readonly dialect?: SettingsInput["dialect"]
  readonly apiUrl?: SettingsInput["apiUrl"]
  readonly oauthUrl?: SettingsInput["oauthUrl"]
  /** Gives up connecting. Once connected it is without effect: that is what `close` is for. */
  readonly signal?: AbortSignal
}

export interface CallOptions {
  /** Stops the waiting, not the command. */
  readonly signal?: AbortSignal
}

export interface NetworkHandle {
  readonly state: NetworkState
  /** Resolves once the cloud says done *and* a look agrees. */
  arm(options?: CallOptions): Promise<void>
  disarm(options?: CallOptions): Promise<void>
}

export interface CameraHandle {
  readonly state: AccountState["cameras"][number]
  enable(options?: CallOptions): Promise<void>
  disable(options?: CallOptions): Promise<void>
  /** Takes a new picture and resolves with it. */
  snap(options?: CallOptions): Promise<Uint8Array>
  /** Records a clip now. */
  record(options?: CallOptions): Promise<void>
}

export interface EventQuery<Kind extends EventKind> extends CallOptions {
  readonly kinds?: ReadonlyArray<Kind>
  /** The `cursor` of the last event that was dealt with. Without it, only what is new. */
  readonly since?: string
}

/**
 * One home for code that knows promises. Rejections are `BlinkError` with `code`, `retryable`, `retryAfterMs` and a
 * `message` for people, or `LogError`.
 */
export interface MonitoredAccount extends AsyncDisposable {
  /** The newest state. */
  readonly state: AccountState
  /** By name or number. Throws when there is none, or more than one of that name. */
  network(nameOrId: string | number): NetworkHandle
  /** By name, or by kind and number as in `"mini:88001"`. */
  camera(nameOrKey: string): CameraHandle
  /**
   * Each event once, in order. A reader may take its time: what it has not read waits in the log, not in memory. It
   * rejects with `CursorExpired` when the log had to let go of something it has not read.
   */
  events<Kind extends EventKind = EventKind>(query?: EventQuery<Kind>): AsyncIterable<CursorEvent<Kind>>
  /** Each state from the present one on; of several that come while the reader is busy, only the newest. */
  states(options?: CallOptions): AsyncIterable<AccountState>
  /** Any command; see `Wish` of core. Resolves with what the command has to tell. */
  command(command: Command, options?: CallOptions): Promise<unknown>
  /** Looks at everything now. */
  refresh(options?: CallOptions): Promise<void>
  /** A thumbnail or clip, by its path as events and state have it. */
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** Stops looking; whoever reads events or states comes to the end of them. */
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
  if (others.length > 0) throw new TypeError(`there is more than one ${description}: name it by its number`)
  return first
}
const target = ({ networkId, kind, id }: Camera) => ({ network: networkId, kind, camera: id })
const withSignal = ({ signal }: CallOptions) => (signal === undefined ? {} : { signal })

/** Connects, signs in where that is needed, and begins to look. Rejects when nobody can sign in. */
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
  // The first look comes before the first question, so that networks and cameras have their names.
  const ready = Effect.tap(Effect.service(AccountMonitor), ({ refresh }) => refresh)
  const monitor = await runtime.runPromise(ready, withSignal(options)).catch(async (cause: unknown) => {
    await runtime.dispose()
    throw cause
  })
  return makeMonitoredAccount(monitor, runtime)
}

type Runtime = Pick<ManagedRuntime.ManagedRuntime<AccountMonitor, unknown>, "runPromise" | "dispose">

const makeMonitoredAccount = (monitor: AccountMonitor["Service"], runtime: Runtime): MonitoredAccount => {
  const state = () => SubscriptionRef.getUnsafe(monitor.state)
  const closed = Deferred.makeUnsafe<void>()

  /** Ends, without an error, when `signal` is aborted or the home closed: the reader has had enough. */
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
        if (thumbnail === null) throw new TypeError(`camera "${nameOrKey}" has no picture`)
        return bytes(thumbnail.url, options)
      },
    }
  }

  const events = <Kind extends EventKind>(query: EventQuery<Kind> = {}): AsyncIterable<CursorEvent<Kind>> => {
    const kinds = query.kinds === undefined ? null : new Set<EventKind>(query.kinds)
    const isRequested = (event: CursorEvent): event is CursorEvent<Kind> =>
      kinds === null || kinds.has(event.kind)
    const since = query.since === undefined ? {} : { since: parseCursorOrThrow(query.since) }
    return iterable(
      monitor.events(since).pipe(Stream.map(withCursor), Stream.filter(isRequested)),
      query.signal,
    )
  }

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
