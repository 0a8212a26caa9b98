import type { AccountId, Camera, ClipId, NetworkId, Snapshot, Timestamp } from "@blink-streams/model"
import { Context, type Effect, Layer } from "effect"
import type { HttpClient } from "effect/http"
import type { ArmSchedule } from "./ArmSchedule.ts"
import type { BlinkConfig } from "./BlinkConfig.ts"
import type { BlinkError } from "./BlinkError.ts"
import type { Budget } from "./Budget.ts"
import type { Drift } from "./Drift.ts"
import type { CallInput, CallName, CallResult } from "./internal/endpoints/catalog.ts"
import { makeApi } from "./internal/api/makeApi.ts"
import { AuthorizedClient } from "./internal/http/AuthorizedClient.ts"
import { Transport } from "./internal/http/Transport.ts"
import type { LegacyEvent } from "./LegacyEvent.ts"
import type { ByteRange, Download, MediaPage } from "./Media.ts"
import type { Session } from "./Session.ts"

/**
 * Typed requests to the cloud. One call is one request, repeated only after a token renewal. Identical reads
 * within 5 seconds (`shareReadsFor`) share one response. Does not poll and does not wait for commands.
 *
 * @example
 * ```ts
 * const program = Effect.gen(function* () {
 *   const api = yield* BlinkApi
 *   const { cameras } = yield* api.snapshot
 *   const { clips } = yield* api.media(null, 1)
 *   return { cameras, clips }
 * })
 * ```
 */
export class BlinkApi extends Context.Service<
  BlinkApi,
  {
    readonly account: Effect.Effect<AccountId, BlinkError>

    /**
     * State of the whole account at one instant, from today's API or the legacy API.
     *
     * Unchanged `cameras`, `networks` and `syncModules` are the same object as in the previous snapshot:
     * compare by identity first.
     */
    readonly snapshot: Effect.Effect<Snapshot, BlinkError>

    /** Cameras of the latest snapshot, which is fetched when it is older than 5 minutes. */
    readonly cameras: Effect.Effect<ReadonlyArray<Camera>, BlinkError>

    /** Discards shared responses, so that the next reads send requests. */
    readonly invalidate: Effect.Effect<void>

    /**
     * Page of the clips that changed after `since` (`null`: all clips). Pages start at 1. A row comes again
     * whenever it changes, and pages shift while they are read, so deduplicate clips by id. While the
     * response is unchanged, `clips` is the same array.
     */
    media(since: Timestamp | null, page: number): Effect.Effect<MediaPage, BlinkError>

    /** Deletes clips from the cloud. Fails with `NotSupported` for clips on USB storage; see `LocalStorage`. */
    deleteClips(clips: ReadonlyArray<ClipId>): Effect.Effect<void, BlinkError>

    /** Schedules that arm and disarm a network. */
    schedules(network: NetworkId): Effect.Effect<ReadonlyArray<ArmSchedule>, BlinkError>

    /**
     * Event list of the legacy API, which shows motion before its clip is uploaded. Today's cloud has withdrawn it:
     * fails with `NotSupported` there.
     */
    legacyEvents(network: NetworkId): Effect.Effect<ReadonlyArray<LegacyEvent>, BlinkError>

    /**
     * Thumbnail or clip by its path in the model. Fails with `NotFound` when the file is gone, `NotReady`
     * when it is still empty.
     */
    bytes(path: string): Effect.Effect<Uint8Array, BlinkError>

    /** Thumbnail or clip as a stream. The request is sent at once, the body is read with `bytes`. */
    stream(path: string, range?: ByteRange): Effect.Effect<Download, BlinkError>

    /**
     * Path for `bytes` of a request that returns a file: `api.path("clipFileV2", { file: "44.mp4" })`.
     */
    path<Name extends CallName>(name: Name, input: CallInput<Name>): Effect.Effect<string, BlinkError>

    /** Any request to the cloud by name: `api.call("cameraSignals", { network, camera })`. */
    call<Name extends CallName>(
      name: Name,
      input: CallInput<Name>,
    ): Effect.Effect<CallResult<Name>, BlinkError>
  }
>()("@blink-streams/core/BlinkApi") {
  static readonly layer: Layer.Layer<
    BlinkApi,
    never,
    BlinkConfig | Session | Budget | Drift | HttpClient.HttpClient
  > = Layer.effect(BlinkApi, makeApi).pipe(
    Layer.provide(AuthorizedClient.layer),
    Layer.provide(Transport.layer),
  )
}
