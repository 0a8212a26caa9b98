import { seededInt } from "./seed.ts"
import type { Camera, MediaItem, Network, NetworkEvent, UsbStorage, World } from "./World.ts"

const firstMediaId = 4_410_000_000
const second = 1000

export const floorToSecond = (ms: number): number => Math.floor(ms / second) * second

/** Ids are unique but not ascending with time, for uploads finish out of order: each second pair is swapped. */
const nextMediaId = (world: World): number => firstMediaId + (world.counters.media++ ^ 1)

/** What happens by itself. The legacy list of events is older than doorbells and calls all of it motion. */
const motionSources = new Set(["pir", "cv_motion", "button_press"])

export interface ClipPlan {
  readonly camera: Camera
  readonly source: string
  readonly seconds: number
  /** Until the list shows it; recording and upload take 20 to 40 s where nothing is said. */
  readonly publishAfterMs?: number | undefined
  /** The list shows it as `partial` for another 15 s. */
  readonly partialFirst?: boolean | undefined
}

/** A camera begins to record at `at`; the list shows the clip later. */
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

/** A hub that has restarted knows its clips by other ids, and none of the lists it made before. */
export const reassignClipIds = (world: World, storage: UsbStorage): void => {
  storage.manifests.clear()
  for (const stored of storage.clips) stored.id = newStoredClipId(world, `stored/${world.counters.stored++}`)
}

/** The hub's USB stick gets its own copy, with its own id and a time of up to two seconds later. */
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

/** A new picture gets a new address; the old address keeps its old picture. */
export const takeThumbnail = (camera: Camera, now: number): void => {
  const last = camera.thumbnails.at(-1)
  const takenAt = Math.max(floorToSecond(now), last === undefined ? 0 : floorToSecond(last.takenAt) + second)
  camera.thumbnails.push({ takenAt, cameraName: camera.name })
  if (camera.thumbnails.length > maxThumbnails) camera.thumbnails.shift()
}

const maxThumbnails = 500

/** Eight ids to a second: the first is the heartbeat's, so that heartbeats need not be stored. */
export const eventId = (createdAt: number, nth: number): number =>
  Math.floor((createdAt - Date.UTC(2016, 0, 1)) / second) * 8 + nth

/** A row of the legacy events list; the newest thousand are kept. */
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

/** The cloud keeps a clip no longer. Its row stays, and says so anew. */
export const purge = (item: MediaItem, now: number): void => {
  if (item.purged) return
  item.purged = true
  item.deletedAt = now
}

/** Last change that a list would show: upload, completion, watched, deleted. */
export const updatedAt = (item: MediaItem, now: number): number =>
  floorToSecond(
    Math.max(
      item.visibleAt,
      item.completeAt <= now ? item.completeAt : 0,
      item.watchedAt ?? 0,
      item.deletedAt ?? 0,
    ),
  )
