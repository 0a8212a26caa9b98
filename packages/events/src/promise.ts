import { BlinkAccount, type SettingsGiven, TokenStore, type Wish } from "@blink-streams/core"
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
import { Home, type HomeOptions } from "./Home.ts"
import { type PlacedEvent, placed, placeOf } from "./PlacedEvent.ts"
import { type Ask, askNobody, signIn, type SignInPrompt } from "./signIn.ts"

export type { PlacedEvent } from "./PlacedEvent.ts"
export type { SignInPrompt } from "./signIn.ts"

/** A session in a file of mode 0600. */
export const fileStore = (path: string): Layer.Layer<TokenStore> => TokenStore.layerFile(path)

export interface ConnectOptions extends HomeOptions {
  /** Where the session is kept: `fileStore(path)`. */
  readonly store: Layer.Layer<TokenStore>
  /** File of the event log. Without one, events are remembered until `close`. */
  readonly log?: string
  /** Answers what sign-in asks for. Without it, only a saved session will do. */
  readonly onPrompt?: (prompt: SignInPrompt) => Promise<string>
  readonly dialect?: SettingsGiven["dialect"]
  readonly apiUrl?: SettingsGiven["apiUrl"]
  readonly oauthUrl?: SettingsGiven["oauthUrl"]
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

export interface EventsWanted<Kind extends EventKind> extends CallOptions {
  readonly kinds?: ReadonlyArray<Kind>
  /** The `cursor` of the last event that was dealt with. Without it, only what is new. */
  readonly since?: string
}

/**
 * One home for code that knows promises. Rejections are `BlinkError` with `code`, `retryable`, `retryAfterMs` and a
 * `message` for people, or `LogError`.
 */
export interface Blink extends AsyncDisposable {
  /** The newest state. */
  readonly state: AccountState
  /** By name or number. Throws when there is none, or more than one of that name. */
  network(which: string | number): NetworkHandle
  /** By name, or by kind and number as in `"mini:88001"`. */
  camera(which: string): CameraHandle
  /**
   * Each event once, in order. A reader may take its time: what it has not read waits in the log, not in memory. It
   * rejects with `CursorExpired` when the log had to let go of something it has not read.
   */
  events<Kind extends EventKind = EventKind>(wanted?: EventsWanted<Kind>): AsyncIterable<PlacedEvent<Kind>>
  /** Each state from the present one on; of several that come while the reader is busy, only the newest. */
  states(options?: CallOptions): AsyncIterable<AccountState>
  /** Any command; see `Wish` of core. Resolves with what the command has to tell. */
  run(wish: Wish, options?: CallOptions): Promise<unknown>
  /** Looks at everything now. */
  refresh(options?: CallOptions): Promise<void>
  /** A thumbnail or clip, by its path as events and state have it. */
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** Stops looking; whoever reads events or states comes to the end of them. */
  close(): Promise<void>
}

const askThrough = (onPrompt: ConnectOptions["onPrompt"]): Ask =>
  onPrompt === undefined
    ? askNobody
    : (prompt) =>
        Effect.map(
          Effect.promise(() => onPrompt(prompt)),
          (answer) => Redacted.make(answer),
        )

const only = <A>(found: ReadonlyArray<A>, what: string): A => {
  const [first, ...others] = found
  if (first === undefined) throw new TypeError(`there is no ${what}`)
  if (others.length > 0) throw new TypeError(`there is more than one ${what}: name it by its number`)
  return first
}
const target = ({ networkId, kind, id }: Camera) => ({ network: networkId, kind, camera: id })
const withSignal = ({ signal }: CallOptions) => (signal === undefined ? {} : { signal })

/** Connects, signs in where that is needed, and begins to look. Rejects when nobody can sign in. */
export const connect = async (options: ConnectOptions): Promise<Blink> => {
  const { store, log, onPrompt, dialect, apiUrl, oauthUrl, signal: _, ...home } = options
  const account = Layer.provide(
    BlinkAccount.layer({ config: { dialect, apiUrl, oauthUrl }, store }),
    FetchHttpClient.layer,
  )
  const signedIn = Layer.effectDiscard(signIn(askThrough(onPrompt)))
  const runtime = ManagedRuntime.make(
    Home.layer(home).pipe(
      Layer.provide(signedIn),
      Layer.provide(account),
      Layer.provide(log === undefined ? EventLog.layerMemory : EventLog.layerSqlite({ filename: log })),
    ),
  )
  // The first look comes before the first question, so that networks and cameras have their names.
  const ready = Effect.tap(Effect.service(Home), ({ refresh }) => refresh)
  const running = await runtime.runPromise(ready, withSignal(options)).catch(async (cause: unknown) => {
    await runtime.dispose()
    throw cause
  })
  return makeBlink(running, runtime)
}

type Runtime = Pick<ManagedRuntime.ManagedRuntime<Home, unknown>, "runPromise" | "dispose">

const makeBlink = (home: Home["Service"], runtime: Runtime): Blink => {
  const state = () => SubscriptionRef.getUnsafe(home.state)
  const closed = Deferred.makeUnsafe<void>()

  /** Ends, without an error, when `signal` is aborted or the home closed: the reader has had enough. */
  const iterable = <A, E>(stream: Stream.Stream<A, E>, signal: AbortSignal | undefined): AsyncIterable<A> =>
    Stream.toAsyncIterable(
      stream.pipe(
        Stream.interruptWhen(Deferred.await(closed)),
        signal === undefined ? identity : Stream.interruptWhen(abortOf(signal)),
      ),
    )

  const run = async (wish: Wish, options: CallOptions = {}): Promise<unknown> => {
    const last = await runtime.runPromise(Stream.runLast(home.run(wish)), withSignal(options))
    return last._tag === "Some" ? (last.value.value ?? null) : null
  }
  const bytes = (path: string, options: CallOptions = {}) =>
    runtime.runPromise(home.bytes(path), withSignal(options))

  const network = (which: string | number): NetworkHandle => {
    const { id } = only(
      state().networks.filter((known) => known.id === which || known.name === which),
      `network "${which}"`,
    )
    const find = () =>
      only(
        state().networks.filter((known) => known.id === id),
        `network "${which}"`,
      )
    const act = (name: "arm" | "disarm") => async (options?: CallOptions) => {
      await run({ name, network: id }, options)
    }
    return {
      get state() {
        return find()
      },
      arm: act("arm"),
      disarm: act("disarm"),
    }
  }

  const camera = (which: string): CameraHandle => {
    const key = cameraKey(
      only(
        state().cameras.filter((known) => known.name === which || cameraKey(known) === which),
        `camera "${which}"`,
      ),
    )
    const find = () =>
      only(
        state().cameras.filter((known) => cameraKey(known) === key),
        `camera "${which}"`,
      )
    const act = (name: "enable" | "disable" | "clip") => async (options?: CallOptions) => {
      await run({ name, ...target(find()) }, options)
    }
    return {
      get state() {
        return find()
      },
      enable: act("enable"),
      disable: act("disable"),
      record: act("clip"),
      snap: async (options) => {
        await run({ name: "thumbnail", ...target(find()) }, options)
        const { thumbnail } = find()
        if (thumbnail === null) throw new TypeError(`camera "${which}" has no picture`)
        return bytes(thumbnail.url, options)
      },
    }
  }

  const events = <Kind extends EventKind>(
    wanted: EventsWanted<Kind> = {},
  ): AsyncIterable<PlacedEvent<Kind>> => {
    const kinds = wanted.kinds === undefined ? null : new Set<EventKind>(wanted.kinds)
    const isWanted = (event: PlacedEvent): event is PlacedEvent<Kind> =>
      kinds === null || kinds.has(event.kind)
    const since = wanted.since === undefined ? {} : { since: placeOf(wanted.since) }
    return iterable(home.events(since).pipe(Stream.map(placed), Stream.filter(isWanted)), wanted.signal)
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
        SubscriptionRef.changes(home.state).pipe(Stream.buffer({ capacity: 1, strategy: "sliding" })),
        signal,
      ),
    run,
    refresh: (options = {}) => runtime.runPromise(home.refresh, withSignal(options)),
    bytes,
    close,
    [Symbol.asyncDispose]: close,
  }
}

const abortOf = (signal: AbortSignal) =>
  Effect.callback<void>((resume) => {
    const stop = () => resume(Effect.void)
    if (signal.aborted) stop()
    else signal.addEventListener("abort", stop, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", stop))
  })
