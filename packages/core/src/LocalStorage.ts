import type { Clip } from "@blink-streams/model/Clip"
import { ClipId, type NetworkId, type SyncModuleId } from "@blink-streams/model/Ids"
import type { Camera } from "@blink-streams/model/Snapshot"
import { fromMillis } from "@blink-streams/model/Timestamp"
import { Context, Duration, Effect, Layer, Schedule } from "effect"
import { BlinkApi } from "./BlinkApi.ts"
import { type BlinkError, blinkError, NotReady, OutcomeUnknown, WrongTarget } from "./BlinkError.ts"
import { oauth } from "./endpoints/catalog.ts"
import { followCommand } from "./internal/followCommand.ts"
import { NetworkQueue } from "./NetworkQueue.ts"
import type { Manifest } from "./wire/media.ts"

/** Which stick: the sync module it is plugged into. */
export interface Stick {
  readonly network: NetworkId
  readonly syncModule: SyncModuleId
}

/** What is on a stick, as the sync module listed it. Clips are fetched by this very list. */
export interface LocalClips {
  readonly manifestId: string
  readonly clips: ReadonlyArray<Clip>
}

const patience = Duration.toMillis("60 seconds")
const maxWaits = 30

/** Names in a list have lost everything but letters and digits. */
const bare = (name: string): string => name.replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase()

const toClip = (
  stick: Stick,
  row: Manifest["clips"][number],
  cameras: ReadonlyArray<Camera>,
): ReadonlyArray<Clip> => {
  const millis = Date.parse(row.created_at)
  if (Number.isNaN(millis)) return []
  const at = fromMillis(millis)
  const named = cameras.filter(
    (camera) => camera.networkId === stick.network && bare(camera.name) === bare(row.camera_name ?? ""),
  )
  // Two cameras may have lost what told their names apart.
  const [camera] = named.length === 1 ? named : []
  return [
    {
      id: ClipId.make(`local:${row.id}`),
      storage: "local",
      networkId: stick.network,
      camera: camera === undefined ? null : { kind: camera.kind, id: camera.id },
      cameraName: camera?.name ?? row.camera_name ?? "",
      source: "unknown",
      createdAt: at,
      updatedAt: at,
      durationSeconds: null,
      partial: false,
      watched: false,
      deleted: false,
      thumbnail: null,
      media: null,
    },
  ]
}

/** 400 and 404 mean "not yet" here, for a while. */
const soon = <A>(name: string, what: string, read: Effect.Effect<A, BlinkError>) =>
  read.pipe(
    Effect.catchIf(
      ({ category }) => category === "refused" || category === "wrongTarget" || category === "notSupported",
      () => Effect.fail(blinkError(name, new NotReady({ what }))),
    ),
    Effect.retry({
      while: ({ reason }) => reason._tag === "NotReady",
      schedule: Schedule.spaced("2 seconds"),
      times: maxWaits,
    }),
  )

const numberOf = (clip: ClipId): string => clip.replace(/^local:/, "")

const known = (list: LocalClips, clip: ClipId) =>
  list.clips.some(({ id }) => id === clip)
    ? Effect.void
    : Effect.fail(
        blinkError("local clip", new WrongTarget({ code: null, what: "this list does not have that clip" })),
      )

/**
 * Clips on the USB stick of a Sync Module 2. Each call is a job of the module, which does one thing at a time:
 * it waits for its turn, takes seconds and keeps commands waiting meanwhile. Today's dialect only.
 */
export class LocalStorage extends Context.Service<
  LocalStorage,
  {
    /** The newest list. Ids are renumbered when the module restarts, so an old list is worth nothing. */
    clips(stick: Stick): Effect.Effect<LocalClips, BlinkError>
    /** One clip as MP4. `WrongTarget` when it has gone since the list was made. */
    bytes(stick: Stick, list: LocalClips, clip: ClipId): Effect.Effect<Uint8Array, BlinkError>
    /** Deletes one clip. Lists may show it for a minute more. */
    remove(stick: Stick, list: LocalClips, clip: ClipId): Effect.Effect<void, BlinkError>
  }
>()("@blink-streams/core/LocalStorage") {
  static readonly layer: Layer.Layer<LocalStorage, never, BlinkApi | NetworkQueue> = Layer.effect(
    LocalStorage,
    Effect.gen(function* () {
      const api = yield* BlinkApi
      const queue = yield* NetworkQueue

      const inTurn = <A, E>(stick: Stick, effect: Effect.Effect<A, E>) =>
        Effect.scoped(Effect.andThen(queue.turn(stick.network), effect))

      /** Waits until the module has done `job`; it asks again while the module is busy. */
      const done = Effect.fnUntraced(function* (
        name: string,
        stick: Stick,
        job: Effect.Effect<{ readonly id?: number | null }, BlinkError>,
      ) {
        const { id } = yield* Effect.retry(job, {
          while: ({ category }) => category === "busy",
          schedule: Schedule.spaced("5 seconds"),
          times: 4,
        })
        if (id === null || id === undefined) {
          return yield* blinkError(name, new NotReady({ what: "the sync module did not take the job" }))
        }
        const outcome = yield* followCommand(api, { name, network: stick.network }, id, patience, Effect.void)
        return outcome === null
          ? yield* blinkError(name, new OutcomeUnknown({ what: "the sync module gave no verdict in time" }))
          : id
      })

      const clips = Effect.fn("LocalStorage.clips")((stick: Stick) =>
        inTurn(
          stick,
          Effect.gen(function* () {
            const request = yield* done("list local clips", stick, api.call(oauth.requestManifest, stick))
            const read = api.call(oauth.manifest, { ...stick, request })
            const manifest = yield* soon("list local clips", "the sync module's list", read)
            const { cameras } = yield* api.snapshot
            return {
              manifestId: manifest.manifest_id,
              clips: manifest.clips.flatMap((row) => toClip(stick, row, cameras)),
            } satisfies LocalClips
          }),
        ),
      )

      const bytes = Effect.fn("LocalStorage.bytes")((stick: Stick, list: LocalClips, clip: ClipId) =>
        inTurn(
          stick,
          Effect.gen(function* () {
            yield* known(list, clip)
            const input = { ...stick, manifest: list.manifestId, clip: numberOf(clip) }
            yield* done("fetch local clip", stick, api.call(oauth.requestClip, input))
            const path = yield* api.path(oauth.localClip, input)
            return yield* soon("fetch local clip", "the clip's upload", api.bytes(path))
          }),
        ),
      )

      const remove = Effect.fn("LocalStorage.remove")((stick: Stick, list: LocalClips, clip: ClipId) =>
        inTurn(
          stick,
          Effect.andThen(
            known(list, clip),
            done(
              "delete local clip",
              stick,
              api.call(oauth.deleteLocalClip, { ...stick, manifest: list.manifestId, clip: numberOf(clip) }),
            ),
          ),
        ).pipe(Effect.asVoid),
      )

      return { clips, bytes, remove }
    }),
  )
}
