import { Schema } from "effect"
import { endpoint } from "./Endpoint.ts"
import {
  LocalStorageStatus,
  Manifest,
  MediaChanged,
  MediaSettings,
  MediaV4,
  UnwatchedMedia,
  VideoCount,
  Videos,
} from "../wire/media.ts"
import { LegacyEvents } from "../wire/network.ts"
import { Message, Receipt } from "../wire/command.ts"

const MediaList = Schema.Struct({ media_list: Schema.Array(Schema.Int) })
const EventIds = Schema.Struct({ event_ids: Schema.Array(Schema.String) })
const optional = Schema.optionalKey
const localStoragePath =
  "/api/v1/accounts/{account}/networks/{network}/sync_modules/{syncModule}/local_storage"

/** Clips in the cloud. */
export const media = {
  mediaChanged: endpoint("mediaChanged", "GET", "/api/v1/accounts/{account}/media/changed", {
    summary: "Clips whose row changed after `since`; pages start at 1 and end with an empty one.",
    priority: "media",
    query: Schema.Struct({ since: Schema.String, page: Schema.Int }),
    response: MediaChanged,
  }),
  deleteMedia: endpoint("deleteMedia", "POST", "/api/v1/accounts/{account}/media/delete", {
    summary: "Deletes clips at once (711).",
    body: MediaList,
    response: Message,
  }),
  mediaV4: endpoint("mediaV4", "POST", "/api/v4/accounts/{account}/media", {
    summary: "Clip list of newer apps, with filters and a cursor. Never seen live.",
    priority: "media",
    query: Schema.Struct({
      start_time: optional(Schema.String),
      end_time: optional(Schema.String),
      pagination_key: optional(Schema.Int),
    }),
    body: Schema.Struct({ filters: Schema.Record(Schema.String, Schema.Json) }),
    response: MediaV4,
  }),
  deleteMediaV4: endpoint("deleteMediaV4", "POST", "/api/v4/accounts/{account}/media/delete", {
    summary: "Deletes clips.",
    body: MediaList,
    response: Message,
  }),
  deleteOneV4: endpoint("deleteOneV4", "DELETE", "/api/v4/accounts/{account}/media/{media}/delete", {
    summary: "Deletes one clip.",
    response: Message,
  }),
  markWatched: endpoint("markWatched", "POST", "/api/v4/accounts/{account}/media/mark_as_viewed", {
    summary: "Marks clips as watched.",
    body: MediaList,
    response: Message,
  }),
  favorite: endpoint("favorite", "POST", "/api/v4/accounts/{account}/media/favorite", {
    summary: "Marks clips as favourites; ids are strings here.",
    body: EventIds,
    response: Message,
  }),
  unfavorite: endpoint("unfavorite", "POST", "/api/v4/accounts/{account}/media/unfavorite", {
    summary: "Removes the favourite mark.",
    body: EventIds,
    response: Message,
  }),
  unwatched: endpoint("unwatched", "GET", "/api/v4/accounts/{account}/unwatched_media", {
    summary: "Number of unwatched clips.",
    response: UnwatchedMedia,
  }),
  mediaSettings: endpoint("mediaSettings", "GET", "/api/v4/accounts/{account}/media_settings", {
    summary: "Retention of clips in days.",
    response: MediaSettings,
  }),
  setMediaSettings: endpoint("setMediaSettings", "PATCH", "/api/v4/accounts/{account}/media_settings", {
    summary: "Changes the retention of clips.",
    body: Schema.Struct({ ttl_period: Schema.Int }),
    response: MediaSettings,
  }),
}

/** USB storage of a Sync Module 2. Every request is a job of the sync module, which runs one at a time. */
export const localStorage = {
  localStorageStatus: endpoint("localStorageStatus", "GET", `${localStoragePath}/status`, {
    summary: "State of the USB storage; used space in percent.",
    response: LocalStorageStatus,
  }),
  requestManifest: endpoint("requestManifest", "POST", `${localStoragePath}/manifest/request`, {
    summary: "Requests the manifest from the sync module.",
    response: Receipt,
  }),
  manifest: endpoint("manifest", "GET", `${localStoragePath}/manifest/request/{request}`, {
    summary: "Manifest, once its command is complete; 400 before.",
    response: Manifest,
  }),
  requestClip: endpoint(
    "requestClip",
    "POST",
    `${localStoragePath}/manifest/{manifest}/clip/request/{clip}`,
    {
      summary:
        "Requests the upload of a clip. Use the newest manifest: ids are renumbered when the sync module restarts.",
      response: Receipt,
    },
  ),
  localClip: endpoint("localClip", "GET", `${localStoragePath}/manifest/{manifest}/clip/request/{clip}`, {
    summary: "Clip as MP4; 404 until it is uploaded.",
    response: null,
    contentType: "video/mp4",
  }),
  deleteLocalClip: endpoint(
    "deleteLocalClip",
    "POST",
    `${localStoragePath}/manifest/{manifest}/clip/delete/{clip}`,
    {
      summary: "Deletes a clip; manifests list it for another minute.",
      response: Receipt,
    },
  ),
  deleteLocalClips: endpoint("deleteLocalClips", "DELETE", localStoragePath, {
    summary: "Deletes every clip on the USB storage.",
    response: Receipt,
  }),
  ejectUsbStorage: endpoint("ejectUsbStorage", "POST", `${localStoragePath}/eject`, {
    summary: "Unmounts the USB storage, so that it can be removed.",
    response: Receipt,
  }),
  mountUsbStorage: endpoint("mountUsbStorage", "POST", `${localStoragePath}/mount`, {
    summary: "Mounts the USB storage again.",
    response: Receipt,
  }),
  formatUsbStorage: endpoint("formatUsbStorage", "POST", `${localStoragePath}/format`, {
    summary: "Formats the USB storage.",
    response: Receipt,
  }),
}

const v3 = "/api/v3/media/accounts/{account}/networks/{network}/{type}/{camera}"
const legacyPath = "/media/{store}/account/{account}/network/{network}/camera/{camera}"
const jpeg = { response: null, contentType: "image/jpeg", priority: "media" } as const
const mp4 = { response: null, contentType: "video/mp4", priority: "media" } as const

/** Pictures and clips. Lists contain complete paths; these are their forms. */
export const files = {
  cameraPicture: endpoint("cameraPicture", "GET", `${v3}/thumbnail/thumbnail.jpg`, {
    ...jpeg,
    summary:
      "Thumbnail of a camera; `ts` is its time in seconds, `type` the camera's type in the homescreen.",
    query: Schema.Struct({ ts: optional(Schema.Int), ext: optional(Schema.String) }),
  }),
  clipFile: endpoint("clipFile", "GET", `${v3}/{source}/{file}`, {
    ...mp4,
    summary: "Clip (`.mp4`) or its thumbnail (`.jpg`) by number.",
  }),
  clipPictureV2: endpoint("clipPictureV2", "GET", "/api/v2/accounts/{account}/media/thumb/{file}", {
    ...jpeg,
    summary: "Thumbnail of a clip by number; `_s.jpg` is a small one.",
  }),
  clipFileV2: endpoint("clipFileV2", "GET", "/api/v2/accounts/{account}/media/clip/{file}", {
    ...mp4,
    summary: "Clip by number.",
  }),
  picture: endpoint("picture", "GET", `${legacyPath}/thumbnail/{file}`, {
    ...jpeg,
    dialect: "both",
    summary: "Thumbnail in the oldest form: the path from the list with `.jpg` appended.",
  }),
  oldClipFile: endpoint("oldClipFile", "GET", `${legacyPath}/{file}`, {
    ...mp4,
    dialect: "both",
    summary: "Clip in the oldest form: the `address` from the list.",
  }),
}

/** Clips and events of the legacy API. */
export const legacyMedia = {
  videos: endpoint("legacyVideos", "GET", "/api/v2/videos/page/{page}", {
    dialect: "legacy",
    summary: "Ten clips a page, newest first; pages start at 0, `[]` past the end.",
    priority: "media",
    response: Videos,
  }),
  video: endpoint("legacyVideo", "GET", "/api/v2/video/{media}", {
    dialect: "legacy",
    summary: "One clip, as an array with one item.",
    response: Videos,
  }),
  unwatchedVideos: endpoint("legacyUnwatchedVideos", "GET", "/api/v2/videos/unwatched/page/{page}", {
    dialect: "legacy",
    summary: "Unwatched clips.",
    priority: "media",
    response: Videos,
  }),
  allUnwatchedVideos: endpoint("legacyAllUnwatchedVideos", "GET", "/api/v2/videos/unwatched", {
    dialect: "legacy",
    summary: "`legacyUnwatchedVideos` without a page: the first page.",
    priority: "media",
    response: Videos,
  }),
  videoCount: endpoint("legacyVideoCount", "GET", "/api/v2/videos/count", {
    dialect: "both",
    summary: "Number of clips.",
    response: VideoCount,
  }),
  deleteVideo: endpoint("legacyDeleteVideo", "POST", "/api/v2/video/{media}/delete", {
    dialect: "legacy",
    summary: "Deletes one clip.",
    response: Message,
  }),
  deleteAllVideos: endpoint("legacyDeleteAllVideos", "POST", "/api/v2/videos/deleteall", {
    dialect: "legacy",
    summary: "Deletes all clips. Documented as untested; no response is known.",
    response: Message,
  }),
  events: endpoint("legacyEvents", "GET", "/events/network/{network}", {
    dialect: "legacy",
    summary: "Event rows such as `motion`, `armed`, `heartbeat`.",
    priority: "poll",
    response: LegacyEvents,
  }),
}
