import { Result, Schema } from "effect"
import { setArmed } from "./commands.ts"
import { purge, recordClip, renumber, takeStill } from "./media.ts"
import type { Camera, MediaItem, Network, SyncModule, World } from "./World.ts"

/** What the control door, the library and scenarios say in one vocabulary. */

const IdOrName = Schema.Union([Schema.Int, Schema.String])
const Milliseconds = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const Motion = Schema.Struct({
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
export type Motion = typeof Motion.Type

export const Change = Schema.Struct({
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
export type Change = typeof Change.Type

export const MediaChange = Schema.Struct({
  id: Schema.Int,
  set: Schema.Struct({
    watched: Schema.optionalKey(Schema.Boolean),
    deleted: Schema.optionalKey(Schema.Boolean),
    /** Deleted by the cloud itself, as after the retention period: listed anew, as deleted. */
    purged: Schema.optionalKey(Schema.Boolean),
  }),
})
export type MediaChange = typeof MediaChange.Type

/** An order that cannot be followed, and the field that is to blame. */
export interface BadOrder {
  readonly field: string
  readonly message: string
}

const bad = (field: string, message: string): Result.Result<never, BadOrder> =>
  Result.fail({ field, message })

const find = <A extends { readonly id: number; readonly name: string }>(
  field: string,
  all: Iterable<A>,
  wanted: number | string,
): Result.Result<A, BadOrder> => {
  const known = [...all]
  const found = known.find(({ id, name }) => id === wanted || name === wanted)
  if (found !== undefined) return Result.succeed(found)
  const names = known.slice(0, 12).map(({ id, name }) => `${id} "${name}"`)
  return bad(field, `no ${field} ${JSON.stringify(wanted)}; there are ${names.join(", ")}`)
}

export const findCamera = (
  world: World,
  wanted: number | string,
  kind: Camera["kind"] | undefined,
): Result.Result<Camera, BadOrder> =>
  find(
    "camera",
    [...world.cameras.values()].filter((camera) => kind === undefined || camera.kind === kind),
    wanted,
  )

const usualSource = { camera: "pir", owl: "cv_motion", doorbell: "pir" } as const

/** Null when `when_armed` asks for an armed network and it is not. */
export const makeMotion = (
  world: World,
  now: number,
  motion: Motion,
): Result.Result<MediaItem | null, BadOrder> =>
  Result.map(findCamera(world, motion.camera, motion.kind), (camera) => {
    const ready = camera.network.armed && camera.enabled && camera.online
    return motion.when_armed === true && !ready
      ? null
      : recordClip(world, now, {
          camera,
          source: motion.source ?? usualSource[camera.kind],
          seconds: motion.duration ?? 10,
          publishAfterMs: motion.publish_after_ms,
          partialFirst: motion.partial_first,
        })
  })

const changeNetwork = (network: Network, now: number, set: Change["set"]): void => {
  if (set.armed !== undefined)
    setArmed(network, now, set.armed === "toggle" ? !network.armed : set.armed, null)
  if (set.name !== undefined) network.name = set.name
  network.updatedAt = now
}

const changeCamera = (camera: Camera, now: number, set: Change["set"]): void => {
  camera.enabled = set.enabled ?? camera.enabled
  camera.battery = set.battery ?? camera.battery
  if (set.battery !== undefined) camera.batteryBars = set.battery === "low" ? 1 : 3
  camera.online = set.status === undefined ? camera.online : set.status !== "offline"
  camera.temperature = (set.temperature ?? camera.temperature) + (set.temperature_by ?? 0)
  camera.name = set.name ?? camera.name
  camera.wifiBars = set.wifi ?? camera.wifiBars
  camera.lfrBars = set.lfr ?? camera.lfrBars
  camera.deaf = set.deaf ?? camera.deaf
  camera.firmware = set.firmware ?? camera.firmware
  camera.updatedAt = now
  if (set.thumbnail === true) takeStill(camera, now)
}

const changeHub = (world: World, hub: SyncModule, now: number, set: Change["set"]): void => {
  if (set.status !== undefined && hub.online !== (set.status !== "offline")) {
    hub.online = set.status !== "offline"
    hub.statusSince = now
    if (hub.online && hub.storage !== null) renumber(world, hub.storage)
  }
  hub.name = set.name ?? hub.name
  hub.wifiBars = set.wifi ?? hub.wifiBars
  hub.firmware = set.firmware ?? hub.firmware
  if (set.usb !== undefined && hub.storage !== null) hub.storage.state = set.usb
}

/** What each of them has; to set anything else there is a mistake. */
const settable = {
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
} as const satisfies Record<string, ReadonlyArray<keyof Change["set"]>>

/** Finds what is to be changed, and tells whether it has all that is to be set. The change itself is left to the caller. */
const planChange = (
  world: World,
  { network, camera, sync_module: hub, kind, set }: Change,
): Result.Result<(now: number) => void, BadOrder> => {
  if ([network, camera, hub].filter((target) => target !== undefined).length !== 1) {
    return bad("network", "name exactly one of network, camera and sync_module")
  }
  const target = network === undefined ? (camera === undefined ? "sync_module" : "camera") : "network"
  const has: ReadonlyArray<string> = settable[target]
  const foreign = Object.keys(set).find((name) => !has.includes(name))
  if (foreign !== undefined) return bad(`set.${foreign}`, `a ${target} has ${has.join(", ")} to set`)
  if (network !== undefined) {
    return Result.map(
      find("network", world.networks.values(), network),
      (found) => (now) => changeNetwork(found, now, set),
    )
  }
  if (camera !== undefined) {
    return Result.map(findCamera(world, camera, kind), (found) => (now) => changeCamera(found, now, set))
  }
  return Result.map(
    find("sync_module", world.syncModules.values(), hub ?? ""),
    (found) => (now) => changeHub(world, found, now, set),
  )
}

export const makeChange = (world: World, now: number, change: Change): Result.Result<void, BadOrder> =>
  Result.map(planChange(world, change), (carryOut) => carryOut(now))

/** Whether the change could be made as the world is. */
export const checkChange = (world: World, change: Change): Result.Result<void, BadOrder> =>
  Result.map(planChange(world, change), () => undefined)

export const changeMedia = (
  world: World,
  now: number,
  change: MediaChange,
): Result.Result<void, BadOrder> => {
  const item = world.media.get(change.id)
  if (item === undefined) return bad("id", `no media item ${change.id}`)
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
