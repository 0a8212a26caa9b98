import { AccountMonitors } from "@blink-streams/events"
import { AccountId } from "@blink-streams/model"
import { Clock, Effect, Exit, Schema, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { makeCorrelationId } from "../errors/correlationId.ts"
import { logProtocolError } from "../errors/logProtocolError.ts"
import { problem, problemResponse } from "../errors/Problem.ts"
import { type MonitorError, toProtocolError } from "../errors/toProtocolError.ts"
import type { MediaFile } from "../media/CachedFiles.ts"
import { MediaCache } from "../media/MediaCache.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { route } from "./route.ts"

const decodeAccount = Schema.decodeUnknownExit(AccountId)

/** Parses a single byte range, as media players send it. Returns `null` for other headers: the whole file is sent. */
const parseRange = (header: string | undefined, size: number) => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "")
  if (match === null || (match[1] === "" && match[2] === "")) return null
  const [, from = "", to = ""] = match
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1)
  // A range that ends before it starts is invalid (RFC 9110, 14.1.1); one that starts past the end gets 416.
  return from !== "" && to !== "" && Number(to) < Number(from) ? null : { start, end }
}

/** True when `If-None-Match` matches the tag: alone, in a list, weak, or as `*`. */
const matchesEtag = (header: string | undefined, etag: string): boolean =>
  (header ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")))

const fileResponse = Effect.fnUntraced(function* (
  { file, size, contentType, etag }: MediaFile,
  headers: Readonly<Record<string, string | undefined>>,
) {
  const common = {
    etag,
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "content-type": contentType,
    "content-disposition": "inline",
    // The signed URL is the permission, so pages of any origin may embed the file.
    "cross-origin-resource-policy": "cross-origin",
  }
  if (matchesEtag(headers["if-none-match"], etag))
    return HttpServerResponse.empty({ status: 304, headers: common })
  const rangeApplies = headers["if-range"] === undefined || headers["if-range"] === etag
  const range = rangeApplies ? parseRange(headers["range"], size) : null
  // Replaces the etag that the file response makes from the modification time.
  const withHeaders = HttpServerResponse.setHeaders(common)
  if (range === null) return withHeaders(yield* HttpServerResponse.file(file, { contentType }))
  const { start, end } = range
  if (start > end || start >= size)
    return HttpServerResponse.empty({ status: 416, headers: { "content-range": `bytes */${size}` } })
  const part = yield* HttpServerResponse.file(file, {
    status: 206,
    offset: start,
    bytesToRead: end - start + 1,
    contentType,
  })
  return HttpServerResponse.setHeader(withHeaders(part), "content-range", `bytes ${start}-${end}/${size}`)
})

const PathParams = Schema.Struct({ account: Schema.String, file: Schema.String })
const SearchParams = Schema.Struct({
  expires: Schema.optionalKey(Schema.String),
  signature: Schema.optionalKey(Schema.String),
})

/** Returns the monitor and the media path of a signed URL. Fails with `forbidden` or `not_found`. */
const verifyUrl = Effect.gen(function* () {
  const mediaUrls = yield* MediaUrls
  const { monitors } = yield* AccountMonitors
  const { account, file } = yield* HttpRouter.schemaPathParams(PathParams)
  const { expires, signature } = yield* HttpServerRequest.schemaSearchParams(SearchParams)
  const accountId = decodeAccount(Number(account))
  const now = yield* Clock.currentTimeMillis
  const path = Exit.isSuccess(accountId)
    ? mediaUrls.verify(accountId.value, file, expires, signature, now)
    : null
  if (path === null || Exit.isFailure(accountId))
    return yield* problem("forbidden", "the URL is not signed by this server or has expired")
  const monitor = (yield* SubscriptionRef.get(monitors)).get(accountId.value)
  if (monitor === undefined) return yield* problem("not_found", "the account is no longer served")
  return { monitor, path }
})

const failedDownload = Effect.fnUntraced(function* (error: MonitorError) {
  const failure = toProtocolError(error, yield* makeCorrelationId)
  yield* logProtocolError(failure)
  return problemResponse(
    failure.code === "invalid_target"
      ? { ...failure, code: "not_found", message: "the cloud no longer has this file" }
      : failure,
  )
})

/** Responds with an image or clip. The signed URL permits one file until it expires. */
const getMedia = Effect.gen(function* () {
  const cache = yield* MediaCache
  const { headers } = yield* HttpServerRequest.HttpServerRequest
  const { monitor, path } = yield* verifyUrl
  return yield* cache.get(monitor, path).pipe(
    Effect.flatMap((mediaFile) => fileResponse(mediaFile, headers)),
    Effect.catchTag("BlinkError", failedDownload),
  )
})

export const mediaRoute = route("GET /v1/media/{account}/{file}", getMedia)
