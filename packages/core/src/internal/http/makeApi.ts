import {
  type Camera,
  type Clip,
  parseTimestamp,
  type Timestamp,
  timestampFromMillis,
  timestampToMillis,
} from "@blink-streams/model"
import { Clock, Effect, Option, Predicate, Stream } from "effect"
import { Headers } from "effect/http"
import { blinkError } from "../../BlinkError.ts"
import { type CallInput, type CallName, legacy, oauth } from "../endpoints/catalog.ts"
import { findEndpoint } from "../endpoints/findEndpoint.ts"
import type { MediaRow, VideoRow } from "../wire/media.ts"
import { toLegacySnapshotData } from "../toModel/legacySnapshot.ts"
import { makeStructuralSharing } from "../toModel/structuralSharing.ts"
import { makeAuthorizedClient } from "./authorizedClient.ts"
import { memoizeLast } from "../decode/memo.ts"
import type { HttpResponse } from "./responseError.ts"
import type { TemperatureUnit } from "../toModel/temperature.ts"
import { legacyToClip, toClip } from "../toModel/toClip.ts"
import { makeSnapshotConverter, type SnapshotData } from "../toModel/toSnapshot.ts"
import type { ByteRange, Download, MediaPage } from "../../Media.ts"
import { NotFound, NotReady } from "../../Reason.ts"

/** Interval of retries when the account's temperature unit could not be fetched. */
const unitRetryInterval = 3_600_000

const serverTime = (response: HttpResponse): Timestamp | null => {
  const date = Option.getOrNull(Headers.get(response.headers, "date"))
  return date === null ? null : parseTimestamp(date)
}

/** Time format of the vendor's apps. */
const sinceText = (since: Timestamp | null): string =>
  `${(since ?? "1970-01-01T00:00:00.000Z").slice(0, 19)}+0000`

const concat = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}

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

/** `BlinkApi`: requests whose responses are converted to the model. */
export const makeApi = Effect.gen(function* () {
  const { send, pathFor, download, invalidate, session, settings, drift } = yield* makeAuthorizedClient

  let unit: TemperatureUnit | null = null
  let unitRetryAt = 0
  const temperatureUnit = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (unit !== null || now < unitRetryAt) return unit
    unitRetryAt = now + unitRetryInterval
    // Without the unit, temperatures are converted by assumption; the snapshot must not fail.
    const user = yield* Effect.option(send(oauth.user, {}))
    const unitCode = Option.isSome(user) ? user.value.value.temp_units : null
    if (unitCode === "c" || unitCode === "C") unit = "celsius"
    if (unitCode === "f" || unitCode === "F") unit = "fahrenheit"
    return unit
  })

  const toSnapshotData = memoizeLast(makeSnapshotConverter())
  const shareStructure = makeStructuralSharing()
  let latest: SnapshotData = { networks: [], syncModules: [], cameras: [] }

  const fetchHomescreen = Effect.gen(function* () {
    const { accountId } = yield* session.current
    const { value } = yield* send(oauth.homescreen, {})
    return toSnapshotData(value, accountId, yield* temperatureUnit)
  })

  let lastLegacyData: { readonly parts: ReadonlyArray<unknown>; readonly data: SnapshotData } | null = null
  const fetchLegacyLists = Effect.gen(function* () {
    const { accountId } = yield* session.current
    const networks = (yield* send(legacy.networks, {})).value
    const details = yield* Effect.forEach(
      networks.networks,
      Effect.fnUntraced(function* ({ id: network }) {
        const cameras = (yield* send(legacy.cameras, { network })).value
        // Without a sync module the response is empty or 404.
        const syncModules = yield* send(legacy.syncModules, { network }).pipe(
          Effect.map(({ value }) => value),
          Effect.catchIf(
            ({ category }) => category === "not_found" || category === "not_supported",
            () => Effect.succeed({}),
          ),
        )
        return { cameras, syncModules }
      }),
    )
    const parts = [networks, ...details.flatMap(({ cameras, syncModules }) => [cameras, syncModules])]
    const cached = lastLegacyData
    if (
      cached !== null &&
      cached.parts.length === parts.length &&
      parts.every((part, index) => part === cached.parts[index])
    ) {
      return cached.data
    }
    const data = toLegacySnapshotData(networks, details, accountId)
    lastLegacyData = { parts, data: data }
    return data
  })

  const fetchSnapshotData = settings.dialect === "oauth" ? fetchHomescreen : fetchLegacyLists
  const snapshot = Effect.gen(function* () {
    const { accountId } = yield* session.current
    const data = shareStructure(yield* fetchSnapshotData)
    latest = data
    return { account: accountId, takenAt: timestampFromMillis(yield* Clock.currentTimeMillis), ...data }
  }).pipe(Effect.withSpan("BlinkApi.snapshot"))

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
    const { cameras } = latest
    const cached = clipsOf.get(page)
    if (cached?.cameras === cameras) return cached.clips
    const clips = rows.flatMap((row) => convert(row, cameras) ?? [])
    if (clips.length < rows.length) yield* drift.report([{ path: "media[].created_at", reason: "no time" }])
    clipsOf.set(page, { cameras, clips })
    return clips
  })

  const mediaPage = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const { value, response } = yield* send(oauth.mediaChanged, {
      query: { since: sinceText(since), page },
    })
    const clips = yield* toClips(value, value.media, toClip)
    const limit = value.limit ?? null
    const rows = rowCount(response, value.media.length, limit)
    return {
      clips,
      last: rows === 0 || (limit !== null && rows < limit),
      serverTime: serverTime(response),
    } satisfies MediaPage
  })

  /** The legacy list has no `since`: older clips are dropped, and a page without newer ones is the last. */
  const legacyMediaPage = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const { value, response } = yield* send(legacy.videos, { page: page - 1 })
    const all = yield* toClips(value, value, legacyToClip)
    const newer =
      since === null
        ? all
        : all.filter((clip) => timestampToMillis(clip.updatedAt) >= timestampToMillis(since))
    const clips = newer.length === all.length ? all : newer.length === 0 ? noClips : newer
    const rows = rowCount(response, value.length, legacyPageSize)
    return {
      clips,
      last: rows === 0 || (all.length > 0 && newer.length === 0),
      serverTime: serverTime(response),
    } satisfies MediaPage
  })

  const stream = Effect.fn("BlinkApi.stream")(function* (path: string, range?: ByteRange) {
    const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ""}` }
    const httpDownload = yield* download(path, headers)
    const contentType = Option.getOrElse(Headers.get(httpDownload.headers, "content-type"), () => "")
    if (/json|html/.test(contentType)) {
      return yield* blinkError(
        "download",
        new NotFound({ code: null, detail: "no picture or clip at this path" }),
        "yes",
      )
    }
    const length = Option.getOrNull(Headers.get(httpDownload.headers, "content-length"))
    return {
      contentType,
      length: length === null ? null : Number(length),
      partial: httpDownload.status === 206,
      bytes: httpDownload.bytes,
    } satisfies Download
  })

  const bytes = Effect.fn("BlinkApi.bytes")(function* (path: string) {
    const download = yield* stream(path)
    const all = concat(yield* Stream.runCollect(download.bytes))
    if (all.length === 0)
      return yield* blinkError(
        "download",
        new NotReady({ detail: "the picture or clip is still empty" }),
        "yes",
      )
    return all
  })

  return {
    account: Effect.map(session.current, ({ accountId }) => accountId),
    snapshot,
    invalidate,
    media: settings.dialect === "oauth" ? mediaPage : legacyMediaPage,
    bytes,
    stream,
    path: <Name extends CallName>(name: Name, input: CallInput<Name>) =>
      Effect.flatMap(findEndpoint(name), (endpoint) => pathFor(endpoint, input)),
    call: <Name extends CallName>(name: Name, input: CallInput<Name>) =>
      findEndpoint(name).pipe(
        Effect.flatMap((endpoint) => send(endpoint, input)),
        Effect.map(({ value }) => value),
        Effect.withSpan(`BlinkApi.${name}`),
      ),
  }
})
