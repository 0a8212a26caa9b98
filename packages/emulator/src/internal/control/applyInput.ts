import { Result, Schema } from "effect"
import { setArmed } from "../world/commands.ts"
import { purge, recordClip, reassignClipIds, takeThumbnail } from "../world/media.ts"
import type { Camera, MediaItem, Network, SyncModule, World } from "../world/World.ts"

/** What the control door, the library and scenarios say in one vocabulary. */

const IdOrName = Schema.Union([Schema.Int, Schema.String])
const Milliseconds = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const MotionInput = Schema.Struct({
  /** An id or a name. */
  camera: IdOrName,
  /** The family, where a camera and an owl share a number. */
  kind: Schema.optionalKey(Schema.Literals(["camera", "owl", "doorbell"])),
  source: Schema.optionalKey(Schema.String),
  /** Seconds. */
  duration: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 300 }))),
  publish_after_ms: Schema.optionalKey(Milliseconds),
  partial_first: Schema.optionalKey(Schema.Boolean),
  /** Record only if the network is armed and the camera on and online, as a real one would. */
  when_armed: Schema.optionalKey(Schema.Boolean),
})
export type MotionInput = typeof MotionInput.Type

export const ChangeInput = Schema.Struct({
  network: Schema.optionalKey(IdOrName),
  camera: Schema.optionalKey(IdOrName),
  sync_module: Schema.optionalKey(IdOrName),
  kind: Schema.optionalKey(Schema.Literals(["camera", "owl", "doorbell"])),
  set: Schema.Struct({
    armed: Schema.optionalKey(Schema.Union([Schema.Boolean, Schema.Literal("toggle")])),
    enabled: Schema.optionalKey(Schema.Boolean),
    battery: Schema.optionalKey(Schema.Literals(["ok", "low"])),
    status: Schema.optionalKey(Schema.Literals(["online", "offline", "done"])),
    /** Degrees Fahrenheit. */
    temperature: Schema.optionalKey(Schema.Finite),
    /** Added to the temperature that there is. */
    temperature_by: Schema.optionalKey(Schema.Finite),
    name: Schema.optionalKey(Schema.NonEmptyString),
    /** Bars, 0 to 5. */
    wifi: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))),
    lfr: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))),
    /** Listed as online, answers no command. */
    deaf: Schema.optionalKey(Schema.Boolean),
    firmware: Schema.optionalKey(Schema.NonEmptyString),
    /** A new picture with no command behind it. */
    thumbnail: Schema.optionalKey(Schema.Literal(true)),
    usb: Schema.optionalKey(Schema.Literals(["active", "unmounted"])),
  }),
})
export type ChangeInput = typeof ChangeInput.Type

export const MediaChangeInput = Schema.Struct({
  id: Schema.Int,
  set: Schema.Struct({
    watched: Schema.optionalKey(Schema.Boolean),
    deleted: Schema.optionalKey(Schema.Boolean),
    /** Deleted by the cloud itself, as after the retention period: listed anew, as deleted. */
    purged: Schema.optionalKey(Schema.Boolean),
  }),
})
export type MediaChangeInput = typeof MediaChangeInput.Type

/** An order that cannot be followed, and the field that is to blame. */
export interface InvalidInput {
  readonly field: string
  readonly message: string
}

const invalid = (field: string, message: string): Result.Result<never, InvalidInput> =>
  Result.fail({ field, message })

const findByIdOrName = <A extends { readonly id: number; readonly name: string }>(
  field: string,
  all: Iterable<A>,
  wanted: number | string,
): Result.Result<A, InvalidInput> => {
  const known = [...all]
  const found = known.find(({ id, name }) => id === wanted || name === wanted)
  if (found !== undefined) return Result.succeed(found)
  const names = known.slice(0, 12).map(({ id, name }) => `${id} "${name}"`)
  return invalid(field, `no ${field} ${JSON.stringify(wanted)}; there are ${names.join(", ")}`)
}

export const findCamera = (
  world: World,
  wanted: number | string,
  kind: Camera["kind"] | undefined,
): Result.Result<Camera, InvalidInput> =>
  findByIdOrName(
    "camera",
    [...world.cameras.values()].filter((camera) => kind === undefined || camera.kind === kind),
    wanted,
  )

const defaultSource = { camera: "pir", owl: "cv_motion", doorbell: "pir" } as const

/** Null when `when_armed` asks for an armed network and it is not. */
export const applyMotion = (
  world: World,
  now: number,
  motion: MotionInput,
): Result.Result<MediaItem | null, InvalidInput> =>
  Result.map(findCamera(world, motion.camera, motion.kind), (camera) => {
    const recording = camera.network.armed && camera.enabled && camera.online
    return motion.when_armed === true && !recording
      ? null
      : recordClip(world, now, {
          camera,
          source: motion.source ?? defaultSource[camera.kind],
          seconds: motion.duration ?? 10,
          publishAfterMs: motion.publish_after_ms,
          partialFirst: motion.partial_first,
        })
  })

const changeNetwork = (network: Network, now: number, set: ChangeInput["set"]): void => {
  if (set.armed !== undefined)
    setArmed(network, now, set.armed === "toggle" ? !network.armed : set.armed, null)
  if (set.name !== undefined) network.name = set.name
  network.updatedAt = now
}

const changeCamera = (camera: Camera, now: number, set: ChangeInput["set"]): void => {
  camera.enabled = set.enabled ?? camera.enabled
  camera.battery = set.battery ?? camera.battery
  if (set.battery !== undefined) camera.batteryBars = set.battery === "low" ? 1 : 3
  camera.online = set.status === undefined ? camera.online : set.status !== "offline"
  camera.temperature = (set.temperature ?? camera.temperature) + (set.temperature_by ?? 0)
  camera.name = set.name ?? camera.name
  camera.wifiBars = set.wifi ?? camera.wifiBars
  camera.lfrBars = set.lfr ?? camera.lfrBars
  camera.unresponsive = set.deaf ?? camera.unresponsive
  camera.firmware = set.firmware ?? camera.firmware
  camera.updatedAt = now
  if (set.thumbnail === true) takeThumbnail(camera, now)
}

const changeSyncModule = (world: World, hub: SyncModule, now: number, set: ChangeInput["set"]): void => {
  if (set.status !== undefined && hub.online !== (set.status !== "offline")) {
    hub.online = set.status !== "offline"
    hub.statusSince = now
    if (hub.online && hub.storage !== null) reassignClipIds(world, hub.storage)
  }
  hub.name = set.name ?? hub.name
  hub.wifiBars = set.wifi ?? hub.wifiBars
  hub.firmware = set.firmware ?? hub.firmware
  if (set.usb !== undefined && hub.storage !== null) hub.storage.state = set.usb
}

/** What each of them has; to set anything else there is a mistake. */
const settableFields = {
  network: ["armed", "name"],
  camera: [
    "enabled",
    "battery",
    "status",
    "temperature",
    "temperature_by",
    "name",
    "wifi",
    "lfr",
    "deaf",
    "firmware",
    "thumbnail",
  ],
  sync_module: ["status", "name", "wifi", "firmware", "usb"],
} as const satisfies Record<string, ReadonlyArray<keyof ChangeInput["set"]>>

/** Finds what is to be changed, and tells whether it has all that is to be set. The change itself is left to the caller. */
const resolveChange = (
  world: World,
  { network, camera, sync_module: hub, kind, set }: ChangeInput,
): Result.Result<(now: number) => void, InvalidInput> => {
  if ([network, camera, hub].filter((target) => target !== undefined).length !== 1) {
    return invalid("network", "name exactly one of network, camera and sync_module")
  }
  const target = network === undefined ? (camera === undefined ? "sync_module" : "camera") : "network"
  const has: ReadonlyArray<string> = settableFields[target]
  const unsupported = Object.keys(set).find((name) => !has.includes(name))
  if (unsupported !== undefined)
    return invalid(`set.${unsupported}`, `a ${target} has ${has.join(", ")} to set`)
  if (network !== undefined) {
    return Result.map(
      findByIdOrName("network", world.networks.values(), network),
      (found) => (now) => changeNetwork(found, now, set),
    )
  }
  if (camera !== undefined) {
    return Result.map(findCamera(world, camera, kind), (found) => (now) => changeCamera(found, now, set))
  }
  return Result.map(
    findByIdOrName("sync_module", world.syncModules.values(), hub ?? ""),
    (found) => (now) => changeSyncModule(world, found, now, set),
  )
}

export const applyChange = (
  world: World,
  now: number,
  change: ChangeInput,
): Result.Result<void, InvalidInput> => Result.map(resolveChange(world, change), (apply) => apply(now))

/** Whether the change could be made as the world is. */
export const validateChange = (world: World, change: ChangeInput): Result.Result<void, InvalidInput> =>
  Result.map(resolveChange(world, change), () => undefined)

export const applyMediaChange = (
  world: World,
  now: number,
  change: MediaChangeInput,
): Result.Result<void, InvalidInput> => {
  const item = world.media.get(change.id)
  if (item === undefined) return invalid("id", `no media item ${change.id}`)
  const { watched, deleted, purged } = change.set
  if (watched !== undefined) item.watchedAt = watched ? now : null
  if (deleted !== undefined) item.deletedAt = deleted ? now : null
  if (purged === true) purge(item, now)
  if (purged === false) {
    item.purged = false
    item.deletedAt = null
  }
  return Result.succeed(undefined)
}
