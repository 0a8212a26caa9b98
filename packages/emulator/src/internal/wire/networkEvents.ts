import { eventId } from "../world/media.ts"
import type { Network, NetworkEvent } from "../world/World.ts"
import { legacyClipPath } from "./mediaPath.ts"
import { timestamp } from "./time.ts"

const heartbeatsListed = 60
const minute = 60_000

const row = (network: Network, event: NetworkEvent, hubId: number | null) => ({
  id: event.id,
  created_at: timestamp(event.createdAt),
  updated_at: timestamp(event.createdAt),
  type: event.type,
  notified: event.notified,
  duration: event.media?.seconds ?? null,
  status: null,
  command_id: event.commandId,
  camera_id: event.camera?.id ?? null,
  siren_id: null,
  sync_module_id: hubId,
  network_id: network.id,
  account_id: network.account.id,
  syncmodule: hubId,
  camera: event.camera?.id ?? null,
  siren: null,
  account: network.account.id,
  ...(event.media === null || event.camera === null
    ? {}
    : {
        camera_name: event.camera.name,
        video_id: event.media.id,
        video_url: `${legacyClipPath(event.media)}.mp4`,
      }),
})

/** One heartbeat per minute while the sync module is online. They are computed, not stored. */
const heartbeats = (network: Network, now: number): Array<NetworkEvent> => {
  const syncModule = network.syncModule
  if (syncModule === null) return []
  const until = syncModule.online ? now : syncModule.statusSince
  const newest = until - ((until - syncModule.createdAt) % minute)
  return Array.from({ length: heartbeatsListed }, (_, index) => newest - index * minute)
    .filter((at) => at >= syncModule.createdAt)
    .map((at) => ({
      id: eventId(at, 0),
      type: "heartbeat",
      createdAt: at - (at % 1000),
      notified: false,
      commandId: null,
      camera: null,
      media: null,
    }))
}

/** Legacy event list of a network, newest first. The singular key `event` holds an array. */
export const networkEvents = (network: Network, now: number) => {
  const hubId = network.syncModule?.id ?? null
  const all = [...network.events.filter(({ createdAt }) => createdAt <= now), ...heartbeats(network, now)]
  return {
    event: all
      .sort((one, other) => other.createdAt - one.createdAt || other.id - one.id)
      .map((event) => row(network, event, hubId)),
  }
}
