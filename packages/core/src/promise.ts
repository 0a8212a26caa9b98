import type {
  BudgetState,
  ClipId,
  SessionState,
  Snapshot,
  SourceHealth,
  Thumbnail,
  Timestamp,
} from "@blink-streams/model"
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
import { BlinkApi } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { Budget } from "./Budget.ts"
import { Commands } from "./Commands.ts"
import { type DownloadProgress, downloadTo } from "./downloadTo.ts"
import { Drift, type DriftEntry } from "./Drift.ts"
import type { CallInput, CallName, CallResult } from "./internal/endpoints/catalog.ts"
import { LiveView } from "./LiveView.ts"
import { LocalStorage } from "./LocalStorage.ts"
import { type Picture, fetchPicture } from "./Picture.ts"
import { pollSnapshots } from "./internal/api/pollSnapshots.ts"
import { Session } from "./Session.ts"
import type { Command } from "./Command.ts"
import type { MediaPage } from "./Media.ts"
import type { CommandProgress } from "./CommandProgress.ts"
import type { LiveViewTarget } from "./LiveViewTarget.ts"
import type { UsbManifest, UsbStorage } from "./UsbStorage.ts"

interface CallOptions {
  readonly signal?: AbortSignal
}

interface SnapshotPollOptions extends CallOptions {
  readonly intervalSeconds: number
  readonly onHealth?: (health: SourceHealth) => void
}

/** One account with promises. Methods reject with `BlinkError`. `await using` closes it. */
export interface Account extends AsyncDisposable {
  readonly session: () => SessionState
  /** `attended`: a user has just asked for this sign-in. Resolves to `active` or `awaiting_pin`. */
  signIn(credentials: {
    readonly email: string
    readonly password: string
    readonly attended?: boolean
  }): Promise<SessionState>
  submitPin(pin: string): Promise<SessionState>
  /** Starts a sign-in on the vendor's page. Resolves to its address for a browser. */
  startHosted(): Promise<string>
  /** Finishes it. `finalUrl` is the address to which the page redirected. */
  finishHosted(finalUrl: string): Promise<SessionState>
  signOut(): Promise<void>
  /** Requests left this hour, and the end of the current back-off. */
  readonly budget: () => BudgetState
  /** Schema drift by path and reason. */
  readonly drift: () => ReadonlyMap<string, DriftEntry>
  snapshot(options?: CallOptions): Promise<Snapshot>
  /**
   * Polls snapshots until the loop ends or `signal` aborts. Retryable errors are retried and reported to
   * `onHealth`; other errors are thrown. No poll is sent while the loop body runs.
   */
  snapshots(options: SnapshotPollOptions): AsyncIterable<Snapshot>
  media(since: Timestamp | null, page: number, options?: CallOptions): Promise<MediaPage>
  bytes(path: string, options?: CallOptions): Promise<Uint8Array>
  /** Thumbnail of a camera with its time and completeness. */
  picture(thumbnail: Thumbnail, options?: CallOptions): Promise<Picture>
  /** Downloads a clip or picture to `file` and resumes an earlier part. Resolves to its size in bytes. */
  download(
    path: string,
    file: string,
    options?: CallOptions & { readonly onProgress?: (progress: DownloadProgress) => void },
  ): Promise<number>
  /** Clips on USB storage. */
  readonly localStorage: {
    clips(storage: UsbStorage, options?: CallOptions): Promise<UsbManifest>
    bytes(
      storage: UsbStorage,
      manifest: UsbManifest,
      clip: ClipId,
      options?: CallOptions,
    ): Promise<Uint8Array>
    remove(storage: UsbStorage, manifest: UsbManifest, clip: ClipId, options?: CallOptions): Promise<void>
  }
  /** Live video of a camera as MPEG-TS. Leaving the loop ends the live view in the cloud. */
  live(camera: LiveViewTarget, options?: CallOptions): AsyncIterable<Uint8Array>
  call<Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    options?: CallOptions,
  ): Promise<CallResult<Name>>
  /**
   * Sends a command. Resolves to its value once the new state is confirmed. Aborting stops the waiting, not
   * the command.
   */
  command(
    command: Command,
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

/**
 * Opens an account over `fetch`. Does not load RxJS.
 *
 * @example
 * ```ts
 * await using account = await openAccount({ store: TokenStore.layerFile("./session.json") })
 * const { cameras } = await account.snapshot()
 * ```
 */
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
  const localStorageService = Context.get(services, LocalStorage)

  /** Iterates a stream on demand. Ends without an error when `signal` aborts. */
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
    submitPin: async (pin) => {
      await run(session.submitPin(Redacted.make(pin)))
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
    snapshots: ({ intervalSeconds, onHealth = () => {}, ...options }) =>
      iterate(pollSnapshots(api, Duration.seconds(intervalSeconds), onHealth), options),
    media: (since, page, options) => run(api.media(since, page), options),
    bytes: (path, options) => run(api.bytes(path), options),
    picture: (thumbnail, options) =>
      run(Effect.provideService(fetchPicture(thumbnail), BlinkApi, api), options),
    download: async (path, file, options) => {
      let size = 0
      const withProgress = Stream.runForEach(downloadTo(path, file), (progress) =>
        Effect.sync(() => {
          size = progress.received
          options?.onProgress?.(progress)
        }),
      )
      await run(Effect.provideService(withProgress, BlinkApi, api), options)
      return size
    },
    localStorage: {
      clips: (storage, options) => run(localStorageService.clips(storage), options),
      bytes: (storage, manifest, clip, options) =>
        run(localStorageService.bytes(storage, manifest, clip), options),
      remove: (storage, manifest, clip, options) =>
        run(localStorageService.remove(storage, manifest, clip), options),
    },
    live: (camera, options) => iterate(Context.get(services, LiveView).watch(camera), options),
    call: (name, input, options) => run(api.call(name, input), options),
    command: async (command, options) => {
      let value: Schema.Json | null = null
      const withProgress = Stream.runForEach(commands.run(command), (progress) =>
        Effect.sync(() => {
          value = progress.value ?? null
          options?.onProgress?.(progress)
        }),
      )
      await run(withProgress, options)
      return value
    },
    [Symbol.asyncDispose]: () => runtime.dispose(),
  }
}
