import type { BudgetState, ClipId, SessionState, Snapshot, Thumbnail, Timestamp } from "@blink-streams/model"
import { shareState, toObservable } from "@blink-streams/rx"
import { Context, type Duration, Effect, type Redacted, Stream, SubscriptionRef } from "effect"
import type { Observable } from "rxjs"
import type { BlinkServices } from "./BlinkAccount.ts"
import { BlinkApi, type MediaPage } from "./BlinkApi.ts"
import type { BlinkError } from "./BlinkError.ts"
import { Budget } from "./Budget.ts"
import { type CommandProgress, Commands } from "./Commands.ts"
import { type DownloadProgress, downloadTo } from "./downloadTo.ts"
import { Drift, type DriftEntry } from "./Drift.ts"
import type { Endpoint, EndpointInput } from "./Endpoint.ts"
import { LiveView, type LiveViewTarget } from "./LiveView.ts"
import { type UsbManifest, LocalStorage, type UsbStorage } from "./LocalStorage.ts"
import { type Picture, fetchPicture } from "./Picture.ts"
import { poll, type PollHealth, initialHealth } from "./poll.ts"
import { type Credentials, Session } from "./Session.ts"
import type { Command } from "./Command.ts"

/** One account as observables. State comes at once and then with every change; nothing runs until subscribed. */
export interface AccountStreams {
  readonly session$: Observable<SessionState>
  readonly budget$: Observable<BudgetState>
  readonly drift$: Observable<ReadonlyMap<string, DriftEntry>>
  /**
   * A look at the home, again and again while somebody is subscribed. What passes is waited out; an error that
   * only a person can lift ends it.
   */
  readonly snapshots: (interval: Duration.Duration) => {
    readonly snapshot$: Observable<Snapshot>
    readonly health$: Observable<PollHealth>
  }
  /** Carries out `wish` for each subscriber. Unsubscribing stops the waiting, not what was sent. */
  readonly command: (command: Command) => Observable<CommandProgress>
  /** Any call of the cloud, made for each subscriber: `call(oauth.cameraSignals, { network, camera })`. */
  readonly call: <Path extends string, Query, Body, Output>(
    endpoint: Endpoint<Path, Query, Body, Output>,
    input: EndpointInput<Path, Query, Body>,
  ) => Observable<Output>
  /** One page of the list of clips. */
  readonly media: (since: Timestamp | null, page: number) => Observable<MediaPage>
  readonly picture: (thumbnail: Thumbnail) => Observable<Picture>
  /** How a download gets on; unsubscribing breaks it off, and the next one goes on from there. */
  readonly download: (path: string, file: string) => Observable<DownloadProgress>
  /** Clips on a USB stick. */
  readonly localClips: (storage: UsbStorage) => Observable<UsbManifest>
  readonly localClipBytes: (
    storage: UsbStorage,
    manifest: UsbManifest,
    clip: ClipId,
  ) => Observable<Uint8Array>
  readonly removeLocalClip: (storage: UsbStorage, manifest: UsbManifest, clip: ClipId) => Observable<void>
  /**
   * The picture of a camera as it is now, as MPEG-TS. Unsubscribing ends it at the cloud. An observable cannot slow its
   * source down: who can't keep up takes the Effect or the promise door.
   */
  readonly live: (camera: LiveViewTarget) => Observable<Uint8Array>
  /** Each of these happens once for each subscriber; `session$` tells what came of it. */
  readonly signIn: (credentials: Credentials) => Observable<void>
  readonly submitPin: (pin: Redacted.Redacted) => Observable<void>
  readonly startHosted: () => Observable<string>
  readonly finishHosted: (finalUrl: Redacted.Redacted) => Observable<void>
  readonly signOut: () => Observable<void>
}

/** Polling goes on for this long after the last subscriber has left, in case another comes. */
const graceMs = 5000

/** `services` is the context that `BlinkAccount.layer` builds: `await ManagedRuntime.make(layer).context()`. */
export const accountStreams = (services: Context.Context<BlinkServices>): AccountStreams => {
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
      const health = Effect.runSync(SubscriptionRef.make<PollHealth>(initialHealth))
      const snapshots = poll(api.snapshot, {
        interval: Effect.succeed(interval),
        health,
      })
      return {
        snapshot$: toObservable(snapshots, services).pipe(shareState(graceMs)),
        health$: changes(health),
      }
    },
    command: (command) =>
      toObservable(
        Stream.suspend(() => Context.get(services, Commands).run(command)),
        services,
      ),
    call: (endpoint, input) => runOnce(api.call(endpoint, input)),
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
