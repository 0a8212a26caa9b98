import { Result } from "effect"
import type { ChangeInput, MediaChangeInput, MotionInput } from "../../ControlInput.ts"
import { setArmed } from "../world/commands.ts"
import { purge, recordClip, reassignClipIds, takeThumbnail } from "../world/media.ts"
import type { Camera, MediaItem, Network, SyncModule, World } from "../world/World.ts"

/** An input that cannot be applied, with the path of the invalid field. */
export interface InvalidInput {
  readonly field: string
  readonly message: string
}

const invalid = (field: string, message: string): Result.Result<never, InvalidInput> =>
  Result.fail({ field, message })

const findByIdOrName = <A extends { readonly id: number; readonly name: string }>(
  field: string,
  all: Iterable<A>,
  idOrName: number | string,
): Result.Result<A, InvalidInput> => {
  const known = [...all]
  const found = known.find(({ id, name }) => id === idOrName || name === idOrName)
  if (found !== undefined) return Result.succeed(found)
  const names = known.slice(0, 12).map(({ id, name }) => `${id} "${name}"`)
  return invalid(field, `no ${field} ${JSON.stringify(idOrName)}; known: ${names.join(", ")}`)
}

export const findCamera = (
  world: World,
  idOrName: number | string,
  kind: Camera["kind"] | undefined,
): Result.Result<Camera, InvalidInput> =>
  findByIdOrName(
    "camera",
    [...world.cameras.values()].filter((camera) => kind === undefined || camera.kind === kind),
    idOrName,
  )

const defaultSource = { camera: "pir", owl: "cv_motion", doorbell: "pir" } as const

/** Returns the new media item, or null when `when_armed` is set and the camera does not record now. */
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
  camera.unresponsive = set.unresponsive ?? camera.unresponsive
  camera.firmware = set.firmware ?? camera.firmware
  camera.updatedAt = now
  if (set.thumbnail === true) takeThumbnail(camera, now)
}

const changeSyncModule = (
  world: World,
  syncModule: SyncModule,
  now: number,
  set: ChangeInput["set"],
): void => {
  if (set.status !== undefined && syncModule.online !== (set.status !== "offline")) {
    syncModule.online = set.status !== "offline"
    syncModule.statusSince = now
    if (syncModule.online && syncModule.storage !== null) reassignClipIds(world, syncModule.storage)
  }
  syncModule.name = set.name ?? syncModule.name
  syncModule.wifiBars = set.wifi ?? syncModule.wifiBars
  syncModule.firmware = set.firmware ?? syncModule.firmware
  if (set.usb !== undefined && syncModule.storage !== null) syncModule.storage.state = set.usb
}

/** Fields of `set` that each target accepts. */
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
    "unresponsive",
    "firmware",
    "thumbnail",
  ],
  sync_module: ["status", "name", "wifi", "firmware", "usb"],
} as const satisfies Record<string, ReadonlyArray<keyof ChangeInput["set"]>>

/** Finds the target and checks the fields. Returns the change for the caller to apply. */
const resolveChange = (
  world: World,
  { network, camera, sync_module: syncModule, kind, set }: ChangeInput,
): Result.Result<(now: number) => void, InvalidInput> => {
  if ([network, camera, syncModule].filter((target) => target !== undefined).length !== 1) {
    return invalid("network", "needs exactly one of network, camera and sync_module")
  }
  const target = network === undefined ? (camera === undefined ? "sync_module" : "camera") : "network"
  const accepted: ReadonlyArray<string> = settableFields[target]
  const unsupported = Object.keys(set).find((name) => !accepted.includes(name))
  if (unsupported !== undefined)
    return invalid(`set.${unsupported}`, `a ${target} accepts ${accepted.join(", ")}`)
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
    findByIdOrName("sync_module", world.syncModules.values(), syncModule ?? ""),
    (found) => (now) => changeSyncModule(world, found, now, set),
  )
}

export const applyChange = (
  world: World,
  now: number,
  change: ChangeInput,
): Result.Result<void, InvalidInput> => Result.map(resolveChange(world, change), (apply) => apply(now))

/** Checks the change without applying it. */
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
