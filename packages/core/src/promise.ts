import type { BudgetState, SessionState } from "@blink-streams/model/HomeState"
import type { ClipId } from "@blink-streams/model/Ids"
import type { Snapshot, Thumbnail } from "@blink-streams/model/Snapshot"
import type { Timestamp } from "@blink-streams/model/Timestamp"
import {
  Context,
  Duration,
  Effect,
  Layer,
  ManagedRuntime,
  Redacted,
  type Schema,
  Stream,
  SubscriptionRef,
} from "effect"
import { FetchHttpClient } from "effect/http"
import { type AccountOptions, layer } from "./BlinkAccount.ts"
import { BlinkApi, type MediaPage } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { Budget } from "./Budget.ts"
import { type CommandProgress, Commands } from "./Commands.ts"
import { type DownloadProgress, downloadTo } from "./downloadTo.ts"
import { Drift, type DriftEntry } from "./Drift.ts"
import type { Endpoint, Input } from "./Endpoint.ts"
import { LiveView, type ViewedCamera } from "./LiveView.ts"
import { type LocalClips, LocalStorage, type Stick } from "./LocalStorage.ts"
import { type Picture, picture } from "./Picture.ts"
import { poll, type PollHealth, starting } from "./poll.ts"
import { Session } from "./Session.ts"
import type { Wish } from "./Wish.ts"

interface CallOptions {
  readonly signal?: AbortSignal
}

interface LooksOptions extends CallOptions {
  readonly everySeconds: number
  readonly onHealth?: (health: PollHealth) => void
}

/** One account for code that knows promises. Each call rejects with `BlinkError`; `await using` closes it. */
export interface Account extends AsyncDisposable {
  readonly session: () => SessionState
  /** `attended`: a person asked for this just now. Ends in `active` or in `awaitingPin`. */
  signIn(credentials: {
    readonly email: string
    readonly password: string
    readonly attended?: boolean
  }): Promise<SessionState>
  answerPin(pin: string): Promise<SessionState>
  /** Starts a sign-in on the vendor's own page: its address, for a browser. */
  startHosted(): Promise<string>
  /** Ends it: `finalUrl` is where the page ended. */
  finishHosted(finalUrl: string): Promise<SessionState>
  signOut(): Promise<void>
  /** Calls left this hour, and until when nothing is sent. */
  readonly budget: () => BudgetState
  /** Where answers differ from what we know. */
  readonly drift: () => ReadonlyMap<string, DriftEntry>
  snapshot(options?: CallOptions): Promise<Snapshot>
  /**
   * A look at the home, again and again until the loop is left or `signal` aborts. What passes is waited out and told to
   * `onHealth`; an error that only a person can lift is thrown. Nothing is looked at while the loop is busy.
   */
  looks(options: LooksOptions): AsyncIterable<Snapshot>
  media(since: Timestamp | null, page: number, options?: CallOptions): Promise<MediaPage>
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** A thumbnail of a camera, with when it was taken and whether it is whole. */
  picture(thumbnail: Thumbnail, options?: CallOptions): Promise<Picture>
  /** Downloads a clip or picture to `file`, goes on where an earlier try broke off; gives its size. */
  download(
    path: string,
    file: string,
    options?: CallOptions & { readonly onProgress?: (progress: DownloadProgress) => void },
  ): Promise<number>
  /** Clips on a USB stick. */
  readonly localStorage: {
    clips(stick: Stick, options?: CallOptions): Promise<LocalClips>
    bytes(stick: Stick, list: LocalClips, clip: ClipId, options?: CallOptions): Promise<Uint8Array>
    remove(stick: Stick, list: LocalClips, clip: ClipId, options?: CallOptions): Promise<void>
  }
  /** The picture of a camera as it is now, as MPEG-TS. Leaving the loop ends it at the cloud. */
  live(camera: ViewedCamera, options?: CallOptions): AsyncIterable<Uint8Array>
  call<Path extends string, Query, Body, Answer>(
    endpoint: Endpoint<Path, Query, Body, Answer>,
    input: Input<Path, Query, Body>,
    options?: CallOptions,
  ): Promise<Answer>
  /** Resolves with the command's value once the home shows it. Aborting stops the waiting, not what was sent. */
  run(
    wish: Wish,
    options?: CallOptions & { readonly onProgress?: (progress: CommandProgress) => void },
  ): Promise<Schema.Json | null>
}

const aborted = (signal: AbortSignal): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const done = () => resume(Effect.void)
    if (signal.aborted) return done()
    signal.addEventListener("abort", done, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", done))
  })

/** Opens an account over `fetch`. Loads neither RxJS nor anything that polls. */
export const openAccount = async (options: AccountOptions): Promise<Account> => {
  const runtime = ManagedRuntime.make(Layer.provide(layer(options), FetchHttpClient.layer))
  const services = await runtime.context()
  const api = Context.get(services, BlinkApi)
  const session = Context.get(services, Session)
  const commands = Context.get(services, Commands)

  const run = <A>(effect: Effect.Effect<A, BlinkError>, { signal }: CallOptions = {}): Promise<A> =>
    runtime.runPromise(effect, signal === undefined ? {} : { signal })
  const state = () => SubscriptionRef.getUnsafe(session.state)
  const budget = Context.get(services, Budget)
  const drift = Context.get(services, Drift)
  const sticks = Context.get(services, LocalStorage)

  /** Pulled one by one; ends without an error when `signal` aborts. */
  const iterate = <A>(stream: Stream.Stream<A, BlinkError>, { signal }: CallOptions = {}): AsyncIterable<A> =>
    Stream.toAsyncIterableWith(
      signal === undefined ? stream : Stream.interruptWhen(stream, aborted(signal)),
      services,
    )

  return {
    session: state,
    signIn: async ({ password, ...credentials }) => {
      await run(session.signIn({ ...credentials, password: Redacted.make(password) }))
      return state()
    },
    answerPin: async (pin) => {
      await run(session.answerPin(Redacted.make(pin)))
      return state()
    },
    startHosted: () => run(session.startHosted),
    finishHosted: async (finalUrl) => {
      await run(session.finishHosted(Redacted.make(finalUrl)))
      return state()
    },
    signOut: () => run(session.logout),
    budget: () => SubscriptionRef.getUnsafe(budget.state),
    drift: () => SubscriptionRef.getUnsafe(drift.state),
    snapshot: (options) => run(api.snapshot, options),
    looks: ({ everySeconds, onHealth, ...options }) => {
      const looks = Effect.gen(function* () {
        const health = yield* SubscriptionRef.make<PollHealth>(starting)
        if (onHealth !== undefined) {
          yield* SubscriptionRef.changes(health).pipe(
            Stream.runForEach((now) => Effect.sync(() => onHealth(now))),
            Effect.forkScoped,
          )
        }
        return poll(api.snapshot, { cadence: Effect.succeed(Duration.seconds(everySeconds)), health })
      })
      return iterate(Stream.unwrap(looks), options)
    },
    media: (since, page, options) => run(api.media(since, page), options),
    bytes: (path, options) => run(api.bytes(path), options),
    picture: (thumbnail, options) => run(Effect.provideService(picture(thumbnail), BlinkApi, api), options),
    download: async (path, file, options) => {
      let size = 0
      const told = Stream.runForEach(downloadTo(path, file), (progress) =>
        Effect.sync(() => {
          size = progress.received
          options?.onProgress?.(progress)
        }),
      )
      await run(Effect.provideService(told, BlinkApi, api), options)
      return size
    },
    localStorage: {
      clips: (stick, options) => run(sticks.clips(stick), options),
      bytes: (stick, list, clip, options) => run(sticks.bytes(stick, list, clip), options),
      remove: (stick, list, clip, options) => run(sticks.remove(stick, list, clip), options),
    },
    live: (camera, options) => iterate(Context.get(services, LiveView).watch(camera), options),
    call: (endpoint, input, options) => run(api.call(endpoint, input), options),
    run: async (wish, options) => {
      let value: Schema.Json | null = null
      const told = Stream.runForEach(commands.run(wish), (progress) =>
        Effect.sync(() => {
          value = progress.value ?? null
          options?.onProgress?.(progress)
        }),
      )
      await run(told, options)
      return value
    },
    [Symbol.asyncDispose]: () => runtime.dispose(),
  }
}
