import { seededInt } from "./seed.ts"
import type { Camera, MediaItem, Network, NetworkEvent, UsbStorage, World } from "./World.ts"

const firstMediaId = 4_410_000_000
const second = 1000

const floorToSecond = (ms: number): number => Math.floor(ms / second) * second

/** Ids are unique but do not ascend with time, because uploads finish out of order: each pair of ids is swapped. */
const nextMediaId = (world: World): number => firstMediaId + (world.counters.media++ ^ 1)

/** Sources that the legacy event list reports as `motion`. It is older than doorbells. */
const motionSources = new Set(["pir", "cv_motion", "button_press"])

export interface ClipPlan {
  readonly camera: Camera
  readonly source: string
  readonly seconds: number
  /** Delay until the list shows the clip. Default: 20 to 40 s. */
  readonly publishAfterMs?: number | undefined
  /** Lists the clip as `partial` for the first 15 s. */
  readonly partialFirst?: boolean | undefined
}

/** Starts a recording at `at`. Returns the media item, which lists show later. */
export const recordClip = (world: World, at: number, plan: ClipPlan): MediaItem => {
  const { camera, seconds } = plan
  const id = nextMediaId(world)
  const publishAfter =
    plan.publishAfterMs ??
    Math.max(seededInt(world.seed, `media/${id}/upload`, 20_000, 40_000), (seconds + 8) * second)
  const visibleAt = world.settings.subscription ? at + publishAfter : Number.POSITIVE_INFINITY
  const skew = world.settings.deviceClockSkewMs
  const createdAt = floorToSecond(
    at + (skew === 0 ? 0 : seededInt(world.seed, `media/${id}/skew`, -skew, skew)),
  )
  const event = motionSources.has(plan.source)
    ? addEvent(camera.network, at, { type: "motion", notified: true, commandId: null, camera })
    : null
  const item: MediaItem = {
    id,
    camera,
    source: plan.source,
    createdAt,
    seconds,
    visibleAt,
    completeAt: visibleAt + (plan.partialFirst === true ? 15 * second : 0),
    eventId: event?.id ?? null,
    watchedAt: null,
    deletedAt: null,
    purged: false,
    favorite: false,
  }
  if (event !== null) event.media = item
  world.media.set(id, item)
  camera.network.account.media.push(item)
  storeOnUsb(world, at, item)
  camera.clipSeconds += seconds
  camera.recordingUntil = Math.max(camera.recordingUntil, at + seconds * second)
  if (at >= world.startedAt) camera.updatedAt = at
  if (Number.isFinite(visibleAt) && visibleAt >= world.startedAt) {
    world.scheduler.add(visibleAt, (now) => {
      camera.updatedAt = now
      takeThumbnail(camera, now)
    })
  }
  return item
}

const newStoredClipId = (world: World, label: string): string =>
  String(seededInt(world.seed, label, 1_000_000_000, 4_200_000_000))

/** Gives all clips new ids and drops the manifests, as a restart of the sync module does. */
export const reassignClipIds = (world: World, storage: UsbStorage): void => {
  storage.manifests.clear()
  for (const stored of storage.clips) stored.id = newStoredClipId(world, `stored/${world.counters.stored++}`)
}

/** Adds a copy to the USB storage, with its own id and a time up to 2 s later. */
const storeOnUsb = (world: World, at: number, item: MediaItem): void => {
  const storage = item.camera.network.syncModule?.storage
  if (storage?.state !== "active") return
  const label = `stored/${world.counters.stored++}`
  storage.clips.push({
    id: newStoredClipId(world, label),
    cameraName: item.camera.name,
    createdAt: item.createdAt + seededInt(world.seed, `${label}/late`, 0, 2) * second,
    seconds: item.seconds,
    mediaId: item.id,
    visibleAt: at + (item.seconds + 3) * second,
    deletedAt: null,
    uploadedAt: null,
  })
}

/** Adds a thumbnail with a new address. The old address keeps the old picture. */
export const takeThumbnail = (camera: Camera, now: number): void => {
  const last = camera.thumbnails.at(-1)
  const takenAt = Math.max(floorToSecond(now), last === undefined ? 0 : floorToSecond(last.takenAt) + second)
  camera.thumbnails.push({ takenAt, cameraName: camera.name })
  if (camera.thumbnails.length > maxThumbnails) camera.thumbnails.shift()
}

const maxThumbnails = 500

/** Event id, eight per second. Number 0 is reserved for heartbeats, which are computed instead of stored. */
export const eventId = (createdAt: number, index: number): number =>
  Math.floor((createdAt - Date.UTC(2016, 0, 1)) / second) * 8 + index

/** Adds a row to the legacy event list, which keeps the newest 1000. */
export const addEvent = (
  network: Network,
  at: number,
  row: Omit<NetworkEvent, "id" | "createdAt" | "media">,
): NetworkEvent => {
  const createdAt = floorToSecond(at)
  const inSameSecond = network.events.filter((event) => event.createdAt === createdAt).length
  const event = { ...row, id: eventId(createdAt, 1 + (inSameSecond % 7)), createdAt, media: null }
  network.events.push(event)
  if (network.events.length > 1000) network.events.shift()
  return event
}

export const isVisible = (item: MediaItem, now: number): boolean => item.visibleAt <= now

/** Deletes a clip on behalf of the cloud. Lists show its row again, as deleted. */
export const purge = (item: MediaItem, now: number): void => {
  if (item.purged) return
  item.purged = true
  item.deletedAt = now
}

/** `updated_at` of an item: the newest of upload, completion, watched and deleted. */
export const updatedAt = (item: MediaItem, now: number): number =>
  floorToSecond(
    Math.max(
      item.visibleAt,
      item.completeAt <= now ? item.completeAt : 0,
      item.watchedAt ?? 0,
      item.deletedAt ?? 0,
    ),
  )
