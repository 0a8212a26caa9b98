import type {
  BudgetState,
  ClipId,
  SessionState,
  Snapshot,
  SourceHealth,
  Thumbnail,
  Timestamp,
} from "@blink-streams/model"
import { shareState, toObservable } from "@blink-streams/rx"
import { Context, type Duration, type Effect, type Redacted, Stream, SubscriptionRef } from "effect"
import { BehaviorSubject, type Observable } from "rxjs"
import type { BlinkServices } from "./BlinkAccount.ts"
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
import { initialHealth } from "./poll.ts"
import { pollSnapshots } from "./internal/api/pollSnapshots.ts"
import { Session } from "./Session.ts"
import type { Command } from "./Command.ts"
import type { MediaPage } from "./Media.ts"
import type { CommandProgress } from "./CommandProgress.ts"
import type { Credentials } from "./AuthContext.ts"
import type { LiveViewTarget } from "./LiveViewTarget.ts"
import type { UsbManifest, UsbStorage } from "./UsbStorage.ts"

/**
 * One account as observables. State observables emit the current value at once, then every change. Nothing
 * runs until subscribed.
 */
export interface CloudStreams {
  readonly session$: Observable<SessionState>
  readonly budget$: Observable<BudgetState>
  readonly drift$: Observable<ReadonlyMap<string, DriftEntry>>
  /**
   * Polls snapshots while there are subscribers, with one poller for all. Retryable errors are retried; other
   * errors end it.
   */
  readonly snapshots: (interval: Duration.Duration) => {
    readonly snapshot$: Observable<Snapshot>
    readonly health$: Observable<SourceHealth>
  }
  /** Sends `command` once per subscriber. Unsubscribing stops the waiting, not the command. */
  readonly command: (command: Command) => Observable<CommandProgress>
  /** Sends a request once per subscriber: `call("cameraSignals", { network, camera })`. */
  readonly call: <Name extends CallName>(name: Name, input: CallInput<Name>) => Observable<CallResult<Name>>
  /** One page of the clip list. */
  readonly media: (since: Timestamp | null, page: number) => Observable<MediaPage>
  readonly picture: (thumbnail: Thumbnail) => Observable<Picture>
  /** Downloads a file and emits the progress. Unsubscribing stops it; the next download resumes it. */
  readonly download: (path: string, file: string) => Observable<DownloadProgress>
  /** Clips on USB storage. */
  readonly localClips: (storage: UsbStorage) => Observable<UsbManifest>
  readonly localClipBytes: (
    storage: UsbStorage,
    manifest: UsbManifest,
    clip: ClipId,
  ) => Observable<Uint8Array>
  readonly removeLocalClip: (storage: UsbStorage, manifest: UsbManifest, clip: ClipId) => Observable<void>
  /**
   * Live video of a camera as MPEG-TS. Unsubscribing ends the live view in the cloud. Observables have no
   * backpressure: use the Effect or promise API when the consumer may be slower than the stream.
   */
  readonly live: (camera: LiveViewTarget) => Observable<Uint8Array>
  /** Runs once per subscriber. `session$` emits the new state. */
  readonly signIn: (credentials: Credentials) => Observable<void>
  readonly submitPin: (pin: Redacted.Redacted) => Observable<void>
  readonly startHosted: () => Observable<string>
  readonly finishHosted: (finalUrl: Redacted.Redacted) => Observable<void>
  readonly signOut: () => Observable<void>
}

/** Keeps polling for this long after the last unsubscription. */
const graceMs = 5000

/**
 * Observables of the services that `BlinkAccount.layer` builds.
 *
 * @example
 * ```ts
 * const account = BlinkAccount.layer({ store: TokenStore.layerFile("./session.json") })
 * const runtime = ManagedRuntime.make(Layer.provide(account, FetchHttpClient.layer))
 * const { session$ } = cloudStreams(await runtime.context())
 * session$.subscribe(({ state }) => console.log(state))
 * ```
 */
export const cloudStreams = (services: Context.Context<BlinkServices>): CloudStreams => {
  const changes = <A>(state: SubscriptionRef.SubscriptionRef<A>): Observable<A> =>
    toObservable(SubscriptionRef.changes(state), services)
  const runOnce = <A>(effect: Effect.Effect<A, BlinkError, BlinkServices>): Observable<A> =>
    toObservable(Stream.fromEffect(effect), services)
  const session = Context.get(services, Session)
  const api = Context.get(services, BlinkApi)
  const localStorageService = Context.get(services, LocalStorage)
  return {
    session$: changes(session.state),
    budget$: changes(Context.get(services, Budget).state),
    drift$: changes(Context.get(services, Drift).state),
    snapshots: (interval) => {
      const health = new BehaviorSubject(initialHealth)
      const snapshots = pollSnapshots(api, interval, (now) => health.next(now))
      return {
        snapshot$: toObservable(snapshots, services).pipe(shareState(graceMs)),
        health$: health.asObservable(),
      }
    },
    command: (command) =>
      toObservable(
        Stream.suspend(() => Context.get(services, Commands).run(command)),
        services,
      ),
    call: (name, input) => runOnce(api.call(name, input)),
    media: (since, page) => runOnce(api.media(since, page)),
    picture: (thumbnail) => runOnce(fetchPicture(thumbnail)),
    download: (path, file) => toObservable(downloadTo(path, file), services),
    localClips: (storage) => runOnce(localStorageService.clips(storage)),
    localClipBytes: (storage, manifest, clip) => runOnce(localStorageService.bytes(storage, manifest, clip)),
    removeLocalClip: (storage, manifest, clip) =>
      runOnce(localStorageService.remove(storage, manifest, clip)),
    live: (camera) => toObservable(Context.get(services, LiveView).watch(camera), services),
    signIn: (credentials) => runOnce(session.signIn(credentials)),
    submitPin: (pin) => runOnce(session.submitPin(pin)),
    startHosted: () => runOnce(session.startHosted),
    finishHosted: (finalUrl) => runOnce(session.finishHosted(finalUrl)),
    signOut: () => runOnce(session.logout),
  }
}
