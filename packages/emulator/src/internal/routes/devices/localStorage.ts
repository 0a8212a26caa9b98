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

const withStorage =
  (handle: (request: StorageRequest) => ReturnType<typeof json>) => (request: SyncModuleRequest) =>
    request.syncModule.storage === null
      ? noStorage
      : handle({ ...request, storage: request.syncModule.storage })

const startCommand = (
  request: StorageRequest,
  type: string,
  onComplete: (at: number, command: Command) => void,
) => {
  if (isBusy(request.world, request.network, undefined, request.now)) return busyResponse(request)
  const command = createCommand(request.world, request.now, {
    type,
    network: request.network,
    requestedBy: clientLabel(request),
    onComplete,
  })
  return json({ id: command.id, network_id: request.network.id })
}

const firstManifest = 10_450
const isPresent = ({ deletedAt, visibleAt }: StoredClip, now: number) =>
  deletedAt === null && visibleAt <= now

/** A deleted clip stays in new manifests for this long. */
const deletionListedAfter = 45_000
const isListed = (stored: StoredClip, at: number) =>
  isPresent(stored, at) || (stored.deletedAt !== null && at < stored.deletedAt + deletionListedAfter)

/** Creates a manifest: the list of clips on the USB storage. */
const requestManifest = withStorage((request) =>
  startCommand(request, "local_storage_manifest", (at, command) => {
    request.storage.manifests.set(command.id, {
      manifestId: String(firstManifest + request.storage.manifestCount++),
      clips: request.storage.clips.filter((stored) => isListed(stored, at)),
    })
  }),
)

/** Sends the manifest. Ids and sizes are text, sizes are in KiB, names contain letters and digits only. */
const manifest = withStorage((request) => {
  const ready = request.storage.manifests.get(Number(request.params["request"]))
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

/** Accepts every manifest since the last start: published clients keep the manifest in which they first saw a clip. */
const storedClip = (request: StorageRequest): StoredClip | undefined =>
  [...request.storage.manifests.values()]
    .find(({ manifestId }) => manifestId === request.params["manifest"])
    ?.clips.find((stored) => stored.id === request.params["clip"] && isPresent(stored, request.now))

const clipNotFound = json({ message: "Clip not found", code: 404 }, 404)

const requestClip = withStorage((request) => {
  const stored = storedClip(request)
  return stored === undefined
    ? clipNotFound
    : startCommand(request, "local_storage_clip", (at) => {
        stored.uploadedAt = at
      })
})

const download = withStorage((request) => {
  const stored = storedClip(request)
  const item = stored === undefined ? undefined : request.world.media.get(stored.mediaId)
  return stored?.uploadedAt == null || item === undefined
    ? clipNotFound
    : bytes(renderClip(request.world.seed, item), "video/mp4")
})

const deleteClip = withStorage((request) => {
  const stored = storedClip(request)
  return stored === undefined
    ? clipNotFound
    : startCommand(request, "local_storage_delete", (at) => {
        stored.deletedAt = at
      })
})

const deleteAll = (at: number, storage: UsbStorage): void => {
  for (const stored of storage.clips) stored.deletedAt ??= at
}

const storageCommand = (action: "eject" | "format" | "mount" | "delete_all") =>
  withStorage((request) =>
    startCommand(request, `local_storage_${action}`, (at) => {
      if (action === "eject") request.storage.state = "unmounted"
      if (action === "mount") request.storage.state = "active"
      if (action === "format" || action === "delete_all") deleteAll(at, request.storage)
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

const base = "/api/v1/accounts/:account/networks/:network/sync_modules/:syncModule/local_storage"
const live = { evidence: "live" } as const
const app = { evidence: "app" } as const

/** USB storage of a Sync Module 2. Every action is a command. */
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
