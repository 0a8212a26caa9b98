import type { Clip } from "@blink-streams/model/Clip"
import type { Camera } from "@blink-streams/model/Snapshot"
import { fromMillis, parse, type Timestamp, toMillis } from "@blink-streams/model/Timestamp"
import { Clock, Effect, Option, Stream } from "effect"
import { Headers } from "effect/http"
import type { ByteRange, Download, MediaPage } from "../BlinkApi.ts"
import { blinkError, NotReady, WrongTarget } from "../BlinkError.ts"
import { legacy, oauth } from "../endpoints/catalog.ts"
import type { Endpoint, Input } from "../Endpoint.ts"
import type { MediaRow, VideoRow } from "../wire/media.ts"
import { toLegacyPicture } from "./legacyPicture.ts"
import { makeSteady } from "./makeSteady.ts"
import { makeCalls } from "./makeCalls.ts"
import { lastResult } from "./memo.ts"
import type { Reply } from "./refusal.ts"
import type { Unit } from "./temperature.ts"
import { fromVideo, toClip } from "./toClip.ts"
import { makePictures, type Picture } from "./toSnapshot.ts"

/** How often the account is asked again for its unit of temperatures, after it could not be had. */
const unitPause = 3_600_000

const serverTime = (reply: Reply): Timestamp | null => {
  const date = Option.getOrNull(Headers.get(reply.headers, "date"))
  return date === null ? null : parse(date)
}

/** The form of time that the cloud's own clients send. */
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
 * How many rows the cloud sent, the ones that could not be read among them: a page that lost one is no shorter for
 * that, and more may follow.
 */
const rowsSent = (reply: Reply, read: number, full: number | null): number => {
  if (full !== null && read >= full) return read
  const body: unknown = reply.text === "" ? [] : JSON.parse(reply.text)
  const rows: unknown = typeof body === "object" && body !== null && "media" in body ? body.media : body
  return Array.isArray(rows) ? rows.length : read
}

/** The seed's page. */
const videosPerPage = 10

/** The calls that need a step from the wire to the model. */
export const makeApi = Effect.gen(function* () {
  const { ask, pathFor, download, forget, session, settings, drift } = yield* makeCalls

  let unit: Unit | null = null
  let unitNotBefore = 0
  const temperatureUnit = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (unit !== null || now < unitNotBefore) return unit
    unitNotBefore = now + unitPause
    // Without it temperatures are guessed; that must not cost the look.
    const user = yield* Effect.option(ask(oauth.user, {}))
    const word = Option.isSome(user) ? user.value.value.temp_units : null
    if (word === "c" || word === "C") unit = "celsius"
    if (word === "f" || word === "F") unit = "fahrenheit"
    return unit
  })

  const picture = lastResult(makePictures())
  const steady = makeSteady()
  let latest: Picture = { networks: [], syncModules: [], cameras: [] }

  const fromHomescreen = Effect.gen(function* () {
    const { accountId } = yield* session.current
    const { value } = yield* ask(oauth.homescreen, {})
    return picture(value, accountId, yield* temperatureUnit)
  })

  let lastLegacy: { readonly parts: ReadonlyArray<unknown>; readonly picture: Picture } | null = null
  const fromLists = Effect.gen(function* () {
    const { accountId } = yield* session.current
    const networks = (yield* ask(legacy.networks, {})).value
    const details = yield* Effect.forEach(
      networks.networks,
      Effect.fnUntraced(function* ({ id: network }) {
        const cameras = (yield* ask(legacy.cameras, { network })).value
        // A network without a sync module answers nothing or 404.
        const syncModules = yield* ask(legacy.syncModules, { network }).pipe(
          Effect.map(({ value }) => value),
          Effect.catchIf(
            ({ category }) => category === "wrongTarget" || category === "notSupported",
            () => Effect.succeed({}),
          ),
        )
        return { cameras, syncModules }
      }),
    )
    const parts = [networks, ...details.flatMap(({ cameras, syncModules }) => [cameras, syncModules])]
    const known = lastLegacy
    if (
      known !== null &&
      known.parts.length === parts.length &&
      parts.every((part, index) => part === known.parts[index])
    ) {
      return known.picture
    }
    const made = toLegacyPicture(networks, details, accountId)
    lastLegacy = { parts, picture: made }
    return made
  })

  const look = settings.dialect === "oauth" ? fromHomescreen : fromLists
  const snapshot = Effect.gen(function* () {
    const { accountId } = yield* session.current
    const seen = steady(yield* look)
    latest = seen
    return { account: accountId, takenAt: fromMillis(yield* Clock.currentTimeMillis), ...seen }
  }).pipe(Effect.withSpan("BlinkApi.snapshot"))

  /** Clips of an answer, made once for as long as the answer and the cameras stay the same. */
  const clipsOf = new WeakMap<
    object,
    { readonly cameras: ReadonlyArray<Camera>; readonly clips: ReadonlyArray<Clip> }
  >()
  const toClips = Effect.fnUntraced(function* <Row extends MediaRow | VideoRow>(
    answer: object,
    rows: ReadonlyArray<Row>,
    convert: (row: Row, cameras: ReadonlyArray<Camera>) => Clip | null,
  ) {
    const { cameras } = latest
    const known = clipsOf.get(answer)
    if (known?.cameras === cameras) return known.clips
    const clips = rows.flatMap((row) => convert(row, cameras) ?? [])
    if (clips.length < rows.length) yield* drift.report([{ path: "media[].created_at", reason: "no time" }])
    clipsOf.set(answer, { cameras, clips })
    return clips
  })

  const changed = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const { value, reply } = yield* ask(oauth.mediaChanged, { query: { since: sinceText(since), page } })
    const clips = yield* toClips(value, value.media, toClip)
    const limit = value.limit ?? null
    const rows = rowsSent(reply, value.media.length, limit)
    return {
      clips,
      last: rows === 0 || (limit !== null && rows < limit),
      serverTime: serverTime(reply),
    } satisfies MediaPage
  })

  /** The seed's list knows no `since`: what is older is left out, and a page with nothing newer is the last. */
  const videos = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const { value, reply } = yield* ask(legacy.videos, { page: page - 1 })
    const all = yield* toClips(value, value, fromVideo)
    const newer = since === null ? all : all.filter((clip) => toMillis(clip.updatedAt) >= toMillis(since))
    const clips = newer.length === all.length ? all : newer.length === 0 ? noClips : newer
    const rows = rowsSent(reply, value.length, videosPerPage)
    return {
      clips,
      last: rows === 0 || (all.length > 0 && newer.length === 0),
      serverTime: serverTime(reply),
    } satisfies MediaPage
  })

  const stream = Effect.fn("BlinkApi.stream")(function* (path: string, range?: ByteRange) {
    const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ""}` }
    const incoming = yield* download(path, headers)
    const contentType = Option.getOrElse(Headers.get(incoming.headers, "content-type"), () => "")
    if (/json|html/.test(contentType)) {
      return yield* blinkError(
        "download",
        new WrongTarget({ code: null, what: "there is no picture or clip at this path" }),
      )
    }
    const length = Option.getOrNull(Headers.get(incoming.headers, "content-length"))
    return {
      contentType,
      length: length === null ? null : Number(length),
      partial: incoming.status === 206,
      bytes: incoming.bytes,
    } satisfies Download
  })

  const bytes = Effect.fn("BlinkApi.bytes")(function* (path: string) {
    const download = yield* stream(path)
    const all = concat(yield* Stream.runCollect(download.bytes))
    if (all.length === 0)
      return yield* blinkError("download", new NotReady({ what: "the picture or clip is still empty" }))
    return all
  })

  return {
    account: Effect.map(session.current, ({ accountId }) => accountId),
    snapshot,
    forget,
    media: settings.dialect === "oauth" ? changed : videos,
    bytes,
    stream,
    path: <Path extends string, Query, Body, Answer>(
      endpoint: Endpoint<Path, Query, Body, Answer>,
      input: Input<Path, Query, Body>,
    ) => pathFor(endpoint, input),
    call: <Path extends string, Query, Body, Answer>(
      endpoint: Endpoint<Path, Query, Body, Answer>,
      input: Input<Path, Query, Body>,
    ) =>
      Effect.map(ask(endpoint, input), ({ value }) => value).pipe(Effect.withSpan(`BlinkApi.${endpoint.id}`)),
  }
})
