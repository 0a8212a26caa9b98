import { Schema } from "effect"
import { endpoint } from "../Endpoint.ts"
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
import { Message, Receipt } from "../wire/receipt.ts"

const MediaList = Schema.Struct({ media_list: Schema.Array(Schema.Int) })
const EventIds = Schema.Struct({ event_ids: Schema.Array(Schema.String) })
const optional = Schema.optionalKey
const hub = "/api/v1/accounts/{account}/networks/{network}/sync_modules/{syncModule}/local_storage"

/** Clips in the cloud. */
export const media = {
  mediaChanged: endpoint("mediaChanged", "GET", "/api/v1/accounts/{account}/media/changed", {
    summary: "Clips whose row changed after `since`; pages from 1 until one is empty.",
    priority: "media",
    query: Schema.Struct({ since: Schema.String, page: Schema.Int }),
    answer: MediaChanged,
  }),
  deleteMedia: endpoint("deleteMedia", "POST", "/api/v1/accounts/{account}/media/delete", {
    summary: "Deletes clips at once (711).",
    body: MediaList,
    answer: Message,
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
    answer: MediaV4,
  }),
  deleteMediaV4: endpoint("deleteMediaV4", "POST", "/api/v4/accounts/{account}/media/delete", {
    summary: "Deletes clips.",
    body: MediaList,
    answer: Message,
  }),
  deleteOneV4: endpoint("deleteOneV4", "DELETE", "/api/v4/accounts/{account}/media/{media}/delete", {
    summary: "Deletes one clip.",
    answer: Message,
  }),
  markWatched: endpoint("markWatched", "POST", "/api/v4/accounts/{account}/media/mark_as_viewed", {
    summary: "Marks clips as watched.",
    body: MediaList,
    answer: Message,
  }),
  favorite: endpoint("favorite", "POST", "/api/v4/accounts/{account}/media/favorite", {
    summary: "Marks clips as favourites; their ids are text here.",
    body: EventIds,
    answer: Message,
  }),
  unfavorite: endpoint("unfavorite", "POST", "/api/v4/accounts/{account}/media/unfavorite", {
    summary: "Takes the mark off.",
    body: EventIds,
    answer: Message,
  }),
  unwatched: endpoint("unwatched", "GET", "/api/v4/accounts/{account}/unwatched_media", {
    summary: "How many clips nobody has watched.",
    answer: UnwatchedMedia,
  }),
  mediaSettings: endpoint("mediaSettings", "GET", "/api/v4/accounts/{account}/media_settings", {
    summary: "How long clips are kept, in days.",
    answer: MediaSettings,
  }),
  setMediaSettings: endpoint("setMediaSettings", "PATCH", "/api/v4/accounts/{account}/media_settings", {
    summary: "Changes how long clips are kept.",
    body: Schema.Struct({ ttl_period: Schema.Int }),
    answer: MediaSettings,
  }),
}

/** The USB stick in a Sync Module 2. Every request here is a job of the hub, which does one at a time. */
export const localStorage = {
  localStorageStatus: endpoint("localStorageStatus", "GET", `${hub}/status`, {
    summary: "State of the stick; used space in percent.",
    answer: LocalStorageStatus,
  }),
  requestManifest: endpoint("requestManifest", "POST", `${hub}/manifest/request`, {
    summary: "Asks the hub for its list of clips.",
    answer: Receipt,
  }),
  manifest: endpoint("manifest", "GET", `${hub}/manifest/request/{request}`, {
    summary: "The list, once the command is complete; 400 before.",
    answer: Manifest,
  }),
  requestClip: endpoint("requestClip", "POST", `${hub}/manifest/{manifest}/clip/request/{clip}`, {
    summary:
      "Asks the hub to upload a clip. Use the newest manifest: ids are renumbered when the hub restarts.",
    answer: Receipt,
  }),
  localClip: endpoint("localClip", "GET", `${hub}/manifest/{manifest}/clip/request/{clip}`, {
    summary: "The clip as MP4; 404 until it is uploaded.",
    answer: null,
    type: "video/mp4",
  }),
  deleteLocalClip: endpoint("deleteLocalClip", "POST", `${hub}/manifest/{manifest}/clip/delete/{clip}`, {
    summary: "Deletes a clip; manifests show it for a minute more.",
    answer: Receipt,
  }),
  deleteLocalClips: endpoint("deleteLocalClips", "DELETE", hub, {
    summary: "Deletes every clip of the stick.",
    answer: Receipt,
  }),
  ejectStick: endpoint("ejectStick", "POST", `${hub}/eject`, {
    summary: "Lets go of the stick, so that it can be pulled out.",
    answer: Receipt,
  }),
  mountStick: endpoint("mountStick", "POST", `${hub}/mount`, {
    summary: "Takes the stick up again.",
    answer: Receipt,
  }),
  formatStick: endpoint("formatStick", "POST", `${hub}/format`, {
    summary: "Makes the stick empty.",
    answer: Receipt,
  }),
}

const v3 = "/api/v3/media/accounts/{account}/networks/{network}/{type}/{camera}"
const old = "/media/{store}/account/{account}/network/{network}/camera/{camera}"
const jpeg = { answer: null, type: "image/jpeg", priority: "media" } as const
const mp4 = { answer: null, type: "video/mp4", priority: "media" } as const

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
  picture: endpoint("picture", "GET", `${old}/thumbnail/{file}`, {
    ...jpeg,
    dialect: "both",
    summary: "A still in the oldest form: the path of the list with `.jpg` behind it.",
  }),
  oldClipFile: endpoint("oldClipFile", "GET", `${old}/{file}`, {
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
    answer: Videos,
  }),
  video: endpoint("legacyVideo", "GET", "/api/v2/video/{media}", {
    dialect: "legacy",
    summary: "One clip, as an array of one.",
    answer: Videos,
  }),
  unwatchedVideos: endpoint("legacyUnwatchedVideos", "GET", "/api/v2/videos/unwatched/page/{page}", {
    dialect: "legacy",
    summary: "Clips nobody has watched.",
    priority: "media",
    answer: Videos,
  }),
  allUnwatchedVideos: endpoint("legacyAllUnwatchedVideos", "GET", "/api/v2/videos/unwatched", {
    dialect: "legacy",
    summary: "The first of them, at the path without a page.",
    priority: "media",
    answer: Videos,
  }),
  videoCount: endpoint("legacyVideoCount", "GET", "/api/v2/videos/count", {
    dialect: "both",
    summary: "How many clips there are.",
    answer: VideoCount,
  }),
  deleteVideo: endpoint("legacyDeleteVideo", "POST", "/api/v2/video/{media}/delete", {
    dialect: "legacy",
    summary: "Deletes one clip.",
    answer: Message,
  }),
  deleteAllVideos: endpoint("legacyDeleteAllVideos", "POST", "/api/v2/videos/deleteall", {
    dialect: "legacy",
    summary: "Deletes all clips. The seed lists it as not tested; nobody has seen it answer.",
    answer: Message,
  }),
  events: endpoint("legacyEvents", "GET", "/events/network/{network}", {
    dialect: "legacy",
    summary: "Rows such as `motion`, `armed`, `heartbeat`.",
    priority: "poll",
    answer: LegacyEvents,
  }),
}
