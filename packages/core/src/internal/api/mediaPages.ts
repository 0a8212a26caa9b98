import {
  type Camera,
  type Clip,
  parseTimestamp,
  type Timestamp,
  timestampToMillis,
} from "@blink-streams/model"
import { Effect, Option, Predicate } from "effect"
import { Headers } from "effect/http"
import { Drift } from "../../Drift.ts"
import type { MediaPage } from "../../Media.ts"
import { legacy, oauth } from "../endpoints/catalog.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"
import type { HttpResponse } from "../http/responseError.ts"
import { legacyToClip, toClip } from "../toModel/toClip.ts"
import type { MediaRow, VideoRow } from "../wire/media.ts"

const serverTime = (response: HttpResponse): Timestamp | null => {
  const date = Option.getOrNull(Headers.get(response.headers, "date"))
  return date === null ? null : parseTimestamp(date)
}

/** Time format of the vendor's apps. */
const sinceText = (since: Timestamp | null): string =>
  `${(since ?? "1970-01-01T00:00:00.000Z").slice(0, 19)}+0000`

const noClips: ReadonlyArray<Clip> = []

/**
 * Number of rows in the response, including rows that could not be decoded: a page is not the last one only
 * because a row was dropped.
 */
const rowCount = (response: HttpResponse, decoded: number, pageSize: number | null): number => {
  if (pageSize !== null && decoded >= pageSize) return decoded
  const body: unknown = response.text === "" ? [] : JSON.parse(response.text)
  const rows = Predicate.isReadonlyObject(body) && "media" in body ? body["media"] : body
  return Array.isArray(rows) ? rows.length : decoded
}

/** Page size of the legacy API. */
const legacyPageSize = 10

const newerThan = (since: Timestamp | null, clips: ReadonlyArray<Clip>): ReadonlyArray<Clip> => {
  if (since === null) return clips
  const from = timestampToMillis(since)
  const newer = clips.filter((clip) => timestampToMillis(clip.updatedAt) >= from)
  return newer.length === clips.length ? clips : newer.length === 0 ? noClips : newer
}

/** Pages of the clip list in both APIs. `cameras` returns the cameras of the latest snapshot. */
export const makeMediaPages = Effect.fnUntraced(function* (cameras: () => ReadonlyArray<Camera>) {
  const { send } = yield* AuthorizedClient
  const drift = yield* Drift

  /** Clips by response, reused while the response and the cameras are unchanged. */
  const clipsOf = new WeakMap<
    object,
    { readonly cameras: ReadonlyArray<Camera>; readonly clips: ReadonlyArray<Clip> }
  >()
  const toClips = Effect.fnUntraced(function* <Row extends MediaRow | VideoRow>(
    page: object,
    rows: ReadonlyArray<Row>,
    convert: (row: Row, cameras: ReadonlyArray<Camera>) => Clip | null,
  ) {
    const latest = cameras()
    const cached = clipsOf.get(page)
    if (cached?.cameras === latest) return cached.clips
    const clips = rows.flatMap((row) => convert(row, latest) ?? [])
    if (clips.length < rows.length) yield* drift.report([{ path: "media[].created_at", reason: "no time" }])
    clipsOf.set(page, { cameras: latest, clips })
    return clips
  })

  const current = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const { value, response } = yield* send(oauth.mediaChanged, {
      query: { since: sinceText(since), page },
    })
    const limit = value.limit ?? null
    const rows = rowCount(response, value.media.length, limit)
    return {
      clips: yield* toClips(value, value.media, toClip),
      last: rows === 0 || (limit !== null && rows < limit),
      serverTime: serverTime(response),
    } satisfies MediaPage
  })

  /** The legacy list has no `since`: older clips are dropped, and a page without newer ones is the last. */
  const ofLegacyApi = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const { value, response } = yield* send(legacy.videos, { page: page - 1 })
    const all = yield* toClips(value, value, legacyToClip)
    const clips = newerThan(since, all)
    const rows = rowCount(response, value.length, legacyPageSize)
    return {
      clips,
      last: rows === 0 || (all.length > 0 && clips.length === 0),
      serverTime: serverTime(response),
    } satisfies MediaPage
  })

  return { current, legacy: ofLegacyApi }
})
