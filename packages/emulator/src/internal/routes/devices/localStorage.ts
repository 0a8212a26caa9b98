import { bytes, json } from "../../http/HttpResponse.ts"
import { type AccountRequest, syncModuleRoute, type Route } from "../../http/Route.ts"
import { renderClip } from "../../media/renderClip.ts"
import { clipBytes } from "../../wire/media.ts"
import { timestamp } from "../../wire/time.ts"
import { createCommand, isBusy } from "../../world/commands.ts"
import type { Command, Network, UsbStorage, StoredClip, SyncModule } from "../../world/World.ts"
import { busyResponse, clientLabel } from "./networks.ts"

type SyncModuleRequest = AccountRequest<{ readonly network: Network; readonly syncModule: SyncModule }>
type StorageRequest = SyncModuleRequest & { readonly storage: UsbStorage }

const noStorage = json({ message: "Local storage not available", code: 404 }, 404)
const notReady = json({ message: "Manifest not ready", code: 400 }, 400)

const withStorage = (answer: (ask: StorageRequest) => ReturnType<typeof json>) => (ask: SyncModuleRequest) =>
  ask.syncModule.storage === null ? noStorage : answer({ ...ask, storage: ask.syncModule.storage })

const startCommand = (
  ask: StorageRequest,
  word: string,
  onComplete: (at: number, command: Command) => void,
) => {
  if (isBusy(ask.world, ask.network, undefined, ask.now)) return busyResponse(ask)
  const command = createCommand(ask.world, ask.now, {
    type: word,
    network: ask.network,
    requestedBy: clientLabel(ask),
    onComplete,
  })
  return json({ id: command.id, network_id: ask.network.id })
}

const firstManifest = 10_450
const isPresent = ({ deletedAt, visibleAt }: StoredClip, now: number) =>
  deletedAt === null && visibleAt <= now

/** What is deleted leaves the hub's own list only some time later. */
const deletionListedAfter = 45_000
const isListed = (stored: StoredClip, at: number) =>
  isPresent(stored, at) || (stored.deletedAt !== null && at < stored.deletedAt + deletionListedAfter)

/** The hub writes a list of its stick. */
const requestManifest = withStorage((ask) =>
  startCommand(ask, "local_storage_manifest", (at, command) => {
    ask.storage.manifests.set(command.id, {
      manifestId: String(firstManifest + ask.storage.manifestCount++),
      clips: ask.storage.clips.filter((stored) => isListed(stored, at)),
    })
  }),
)

/** Ids and sizes are strings here, sizes in KiB, and names have lost all that is neither letter nor digit. */
const manifest = withStorage((ask) => {
  const ready = ask.storage.manifests.get(Number(ask.params["request"]))
  if (ready === undefined) return notReady
  return json({
    version: "1.0",
    manifest_id: ready.manifestId,
    clips: ready.clips.map((stored) => ({
      id: stored.id,
      size: String(Math.ceil(clipBytes(stored.seconds) / 1024)),
      camera_name: stored.cameraName.replaceAll(/[^A-Za-z0-9]/g, ""),
      created_at: timestamp(stored.createdAt),
    })),
  })
})

/** Any list since the hub's start will do: published clients keep using the one in which they first saw a clip. */
const storedClip = (ask: StorageRequest): StoredClip | undefined =>
  [...ask.storage.manifests.values()]
    .find(({ manifestId }) => manifestId === ask.params["manifest"])
    ?.clips.find((stored) => stored.id === ask.params["clip"] && isPresent(stored, ask.now))

const clipNotFound = json({ message: "Clip not found", code: 404 }, 404)

const requestClip = withStorage((ask) => {
  const stored = storedClip(ask)
  return stored === undefined
    ? clipNotFound
    : startCommand(ask, "local_storage_clip", (at) => {
        stored.uploadedAt = at
      })
})

const download = withStorage((ask) => {
  const stored = storedClip(ask)
  const item = stored === undefined ? undefined : ask.world.media.get(stored.mediaId)
  return stored?.uploadedAt == null || item === undefined
    ? clipNotFound
    : bytes(renderClip(ask.world.seed, item), "video/mp4")
})

const deleteClip = withStorage((ask) => {
  const stored = storedClip(ask)
  return stored === undefined
    ? clipNotFound
    : startCommand(ask, "local_storage_delete", (at) => {
        stored.deletedAt = at
      })
})

const deleteAll = (at: number, storage: UsbStorage): void => {
  for (const stored of storage.clips) stored.deletedAt ??= at
}

const storageCommand = (word: "eject" | "format" | "mount" | "delete_all") =>
  withStorage((ask) =>
    startCommand(ask, `local_storage_${word}`, (at) => {
      if (word === "eject") ask.storage.state = "unmounted"
      if (word === "mount") ask.storage.state = "active"
      if (word === "format" || word === "delete_all") deleteAll(at, ask.storage)
    }),
  )

const status = withStorage(({ syncModule, network, storage, now }) => {
  const used = storage.clips.filter((stored) => isPresent(stored, now)).length
  return json({
    sync_module_id: syncModule.id,
    network_id: network.id,
    enabled: storage.state === "active",
    usb_state: storage.state,
    usb_storage_used: Math.min(100, Math.ceil(used / 20)),
    usb_storage_full: used > 2000,
    storage_warning: 0,
    can_format_usb: true,
    sm_backup_enabled: true,
    sm_backup_in_progress: false,
    last_backup_completed: timestamp(now - (now % 86_400_000)),
    last_backup_result: "success",
  })
})

const base = "/api/v1/accounts/:account/networks/:network/sync_modules/:hub/local_storage"
const live = { evidence: "live" } as const
const app = { evidence: "app" } as const

/** The USB stick in a Sync Module 2. Every step is a command of the hub. */
export const localStorageRoutes: ReadonlyArray<Route> = [
  syncModuleRoute(`GET ${base}/status`, live, status),
  syncModuleRoute(`POST ${base}/manifest/request`, live, requestManifest),
  syncModuleRoute(`GET ${base}/manifest/request/:request`, live, manifest),
  syncModuleRoute(`POST ${base}/manifest/:manifest/clip/request/:clip`, live, requestClip),
  syncModuleRoute(`GET ${base}/manifest/:manifest/clip/request/:clip`, live, download),
  syncModuleRoute(`POST ${base}/manifest/:manifest/clip/delete/:clip`, live, deleteClip),
  syncModuleRoute(`DELETE ${base}`, app, storageCommand("delete_all")),
  syncModuleRoute(`POST ${base}/eject`, app, storageCommand("eject")),
  syncModuleRoute(`POST ${base}/format`, app, storageCommand("format")),
  syncModuleRoute(`POST ${base}/mount`, app, storageCommand("mount")),
]
