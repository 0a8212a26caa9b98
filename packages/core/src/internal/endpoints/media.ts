import { Schema } from "effect"
import { endpoint } from "../../Endpoint.ts"
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
    summary: "Clips whose row changed after `since`; pages from 1 until one is empty.",
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
    summary: "The app's newer list, with filters and a cursor. Never seen live.",
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
    summary: "Marks clips as favourites; their ids are text here.",
    body: EventIds,
    response: Message,
  }),
  unfavorite: endpoint("unfavorite", "POST", "/api/v4/accounts/{account}/media/unfavorite", {
    summary: "Takes the mark off.",
    body: EventIds,
    response: Message,
  }),
  unwatched: endpoint("unwatched", "GET", "/api/v4/accounts/{account}/unwatched_media", {
    summary: "How many clips nobody has watched.",
    response: UnwatchedMedia,
  }),
  mediaSettings: endpoint("mediaSettings", "GET", "/api/v4/accounts/{account}/media_settings", {
    summary: "How long clips are kept, in days.",
    response: MediaSettings,
  }),
  setMediaSettings: endpoint("setMediaSettings", "PATCH", "/api/v4/accounts/{account}/media_settings", {
    summary: "Changes how long clips are kept.",
    body: Schema.Struct({ ttl_period: Schema.Int }),
    response: MediaSettings,
  }),
}

/** The USB stick in a Sync Module 2. Every request here is a job of the hub, which does one at a time. */
export const localStorage = {
  localStorageStatus: endpoint("localStorageStatus", "GET", `${localStoragePath}/status`, {
    summary: "State of the stick; used space in percent.",
    response: LocalStorageStatus,
  }),
  requestManifest: endpoint("requestManifest", "POST", `${localStoragePath}/manifest/request`, {
    summary: "Asks the hub for its list of clips.",
    response: Receipt,
  }),
  manifest: endpoint("manifest", "GET", `${localStoragePath}/manifest/request/{request}`, {
    summary: "The list, once the command is complete; 400 before.",
    response: Manifest,
  }),
  requestClip: endpoint(
    "requestClip",
    "POST",
    `${localStoragePath}/manifest/{manifest}/clip/request/{clip}`,
    {
      summary:
        "Asks the hub to upload a clip. Use the newest manifest: ids are renumbered when the hub restarts.",
      response: Receipt,
    },
  ),
  localClip: endpoint("localClip", "GET", `${localStoragePath}/manifest/{manifest}/clip/request/{clip}`, {
    summary: "The clip as MP4; 404 until it is uploaded.",
    response: null,
    contentType: "video/mp4",
  }),
  deleteLocalClip: endpoint(
    "deleteLocalClip",
    "POST",
    `${localStoragePath}/manifest/{manifest}/clip/delete/{clip}`,
    {
      summary: "Deletes a clip; manifests show it for a minute more.",
      response: Receipt,
    },
  ),
  deleteLocalClips: endpoint("deleteLocalClips", "DELETE", localStoragePath, {
    summary: "Deletes every clip of the stick.",
    response: Receipt,
  }),
  ejectStick: endpoint("ejectStick", "POST", `${localStoragePath}/eject`, {
    summary: "Lets go of the stick, so that it can be pulled out.",
    response: Receipt,
  }),
  mountStick: endpoint("mountStick", "POST", `${localStoragePath}/mount`, {
    summary: "Takes the stick up again.",
    response: Receipt,
  }),
  formatStick: endpoint("formatStick", "POST", `${localStoragePath}/format`, {
    summary: "Makes the stick empty.",
    response: Receipt,
  }),
}

const v3 = "/api/v3/media/accounts/{account}/networks/{network}/{type}/{camera}"
const legacyPath = "/media/{store}/account/{account}/network/{network}/camera/{camera}"
const jpeg = { response: null, contentType: "image/jpeg", priority: "media" } as const
const mp4 = { response: null, contentType: "video/mp4", priority: "media" } as const

/** Pictures and clips. Lists give their whole paths; these are the forms that those have. */
export const files = {
  cameraPicture: endpoint("cameraPicture", "GET", `${v3}/thumbnail/thumbnail.jpg`, {
    ...jpeg,
    summary: "A camera's still; `ts` is the second it was taken, and `type` the camera's own word.",
    query: Schema.Struct({ ts: optional(Schema.Int), ext: optional(Schema.String) }),
  }),
  clipFile: endpoint("clipFile", "GET", `${v3}/{source}/{file}`, {
    ...mp4,
    summary: "A clip (`.mp4`) or its still (`.jpg`), by number.",
  }),
  clipPictureV2: endpoint("clipPictureV2", "GET", "/api/v2/accounts/{account}/media/thumb/{file}", {
    ...jpeg,
    summary: "A clip's still, by number; `_s.jpg` is a small one.",
  }),
  clipFileV2: endpoint("clipFileV2", "GET", "/api/v2/accounts/{account}/media/clip/{file}", {
    ...mp4,
    summary: "A clip, by number.",
  }),
  picture: endpoint("picture", "GET", `${legacyPath}/thumbnail/{file}`, {
    ...jpeg,
    dialect: "both",
    summary: "A still in the oldest form: the path of the list with `.jpg` behind it.",
  }),
  oldClipFile: endpoint("oldClipFile", "GET", `${legacyPath}/{file}`, {
    ...mp4,
    dialect: "both",
    summary: "A clip in the oldest form: the list's `address`.",
  }),
}

/** The seed's lists. */
export const legacyMedia = {
  videos: endpoint("legacyVideos", "GET", "/api/v2/videos/page/{page}", {
    dialect: "legacy",
    summary: "Ten clips to a page, newest first, from page 0; `[]` past the end.",
    priority: "media",
    response: Videos,
  }),
  video: endpoint("legacyVideo", "GET", "/api/v2/video/{media}", {
    dialect: "legacy",
    summary: "One clip, as an array of one.",
    response: Videos,
  }),
  unwatchedVideos: endpoint("legacyUnwatchedVideos", "GET", "/api/v2/videos/unwatched/page/{page}", {
    dialect: "legacy",
    summary: "Clips nobody has watched.",
    priority: "media",
    response: Videos,
  }),
  allUnwatchedVideos: endpoint("legacyAllUnwatchedVideos", "GET", "/api/v2/videos/unwatched", {
    dialect: "legacy",
    summary: "The first of them, at the path without a page.",
    priority: "media",
    response: Videos,
  }),
  videoCount: endpoint("legacyVideoCount", "GET", "/api/v2/videos/count", {
    dialect: "both",
    summary: "How many clips there are.",
    response: VideoCount,
  }),
  deleteVideo: endpoint("legacyDeleteVideo", "POST", "/api/v2/video/{media}/delete", {
    dialect: "legacy",
    summary: "Deletes one clip.",
    response: Message,
  }),
  deleteAllVideos: endpoint("legacyDeleteAllVideos", "POST", "/api/v2/videos/deleteall", {
    dialect: "legacy",
    summary: "Deletes all clips. The seed lists it as not tested; nobody has seen it answer.",
    response: Message,
  }),
  events: endpoint("legacyEvents", "GET", "/events/network/{network}", {
    dialect: "legacy",
    summary: "Rows such as `motion`, `armed`, `heartbeat`.",
    priority: "poll",
    response: LegacyEvents,
  }),
}
