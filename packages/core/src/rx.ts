import type { BudgetState, SessionState } from "@blink-streams/model/HomeState"
import type { ClipId } from "@blink-streams/model/Ids"
import type { Snapshot, Thumbnail } from "@blink-streams/model/Snapshot"
import type { Timestamp } from "@blink-streams/model/Timestamp"
import { shareState } from "@blink-streams/rx/shareState"
import { toObservable } from "@blink-streams/rx/toObservable"
import { Context, type Duration, Effect, type Redacted, Stream, SubscriptionRef } from "effect"
import type { Observable } from "rxjs"
import type { BlinkServices } from "./BlinkAccount.ts"
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
import { type Credentials, Session } from "./Session.ts"
import type { Wish } from "./Wish.ts"

/** One account as observables. State comes at once and then with every change; nothing runs until subscribed. */
export interface AccountStreams {
  readonly session$: Observable<SessionState>
  readonly budget$: Observable<BudgetState>
  readonly drift$: Observable<ReadonlyMap<string, DriftEntry>>
  /**
   * A look at the home, again and again while somebody is subscribed. What passes is waited out; an error that
   * only a person can lift ends it.
   */
  readonly looks: (cadence: Duration.Duration) => {
    readonly look$: Observable<Snapshot>
    readonly health$: Observable<PollHealth>
  }
  /** Carries out `wish` for each subscriber. Unsubscribing stops the waiting, not what was sent. */
  readonly run: (wish: Wish) => Observable<CommandProgress>
  /** Any call of the cloud, made for each subscriber: `call(oauth.cameraSignals, { network, camera })`. */
  readonly call: <Path extends string, Query, Body, Answer>(
    endpoint: Endpoint<Path, Query, Body, Answer>,
    input: Input<Path, Query, Body>,
  ) => Observable<Answer>
  /** One page of the list of clips. */
  readonly media: (since: Timestamp | null, page: number) => Observable<MediaPage>
  readonly picture: (thumbnail: Thumbnail) => Observable<Picture>
  /** How a download gets on; unsubscribing breaks it off, and the next one goes on from there. */
  readonly download: (path: string, file: string) => Observable<DownloadProgress>
  /** Clips on a USB stick. */
  readonly localClips: (stick: Stick) => Observable<LocalClips>
  readonly localBytes: (stick: Stick, list: LocalClips, clip: ClipId) => Observable<Uint8Array>
  readonly removeLocal: (stick: Stick, list: LocalClips, clip: ClipId) => Observable<void>
  /**
   * The picture of a camera as it is now, as MPEG-TS. Unsubscribing ends it at the cloud. An observable cannot slow its
   * source down: who can't keep up takes the Effect or the promise door.
   */
  readonly live: (camera: ViewedCamera) => Observable<Uint8Array>
  /** Each of these happens once for each subscriber; `session$` tells what came of it. */
  readonly signIn: (credentials: Credentials) => Observable<void>
  readonly answerPin: (pin: Redacted.Redacted) => Observable<void>
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
  const once = <A>(effect: Effect.Effect<A, BlinkError, BlinkServices>): Observable<A> =>
    toObservable(Stream.fromEffect(effect), services)
  const session = Context.get(services, Session)
  const api = Context.get(services, BlinkApi)
  const sticks = Context.get(services, LocalStorage)
  return {
    session$: changes(session.state),
    budget$: changes(Context.get(services, Budget).state),
    drift$: changes(Context.get(services, Drift).state),
    looks: (cadence) => {
      const health = Effect.runSync(SubscriptionRef.make<PollHealth>(starting))
      const looks = poll(api.snapshot, {
        cadence: Effect.succeed(cadence),
        health,
      })
      return { look$: toObservable(looks, services).pipe(shareState(graceMs)), health$: changes(health) }
    },
    run: (wish) =>
      toObservable(
        Stream.suspend(() => Context.get(services, Commands).run(wish)),
        services,
      ),
    call: (endpoint, input) => once(api.call(endpoint, input)),
    media: (since, page) => once(api.media(since, page)),
    picture: (thumbnail) => once(picture(thumbnail)),
    download: (path, file) => toObservable(downloadTo(path, file), services),
    localClips: (stick) => once(sticks.clips(stick)),
    localBytes: (stick, list, clip) => once(sticks.bytes(stick, list, clip)),
    removeLocal: (stick, list, clip) => once(sticks.remove(stick, list, clip)),
    live: (camera) => toObservable(Context.get(services, LiveView).watch(camera), services),
    signIn: (credentials) => once(session.signIn(credentials)),
    answerPin: (pin) => once(session.answerPin(pin)),
    startHosted: () => once(session.startHosted),
    finishHosted: (finalUrl) => once(session.finishHosted(finalUrl)),
    signOut: () => once(session.logout),
  }
}
