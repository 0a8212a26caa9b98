import type { Homes } from "@blink-streams/events/Homes"
import { AccountId } from "@blink-streams/model"
import { Clock, Effect, Exit, Schema, SubscriptionRef } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { makeCorrelationId } from "../../CommandDesk.ts"
import type { MediaAddress } from "../../MediaAddress.ts"
import type { MediaCache, MediaFile } from "../../MediaCache.ts"
import { toProtocolError } from "../commandErrors.ts"
import { logProblem } from "../logProblem.ts"
import { problem, problemResponse } from "./Problem.ts"

const decodeAccount = Schema.decodeUnknownExit(AccountId)

/** The one range that players ask for; `null` when the header asks for something else, which may be answered whole. */
const rangeOf = (header: string | undefined, size: number) => {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "")
  if (match === null || (match[1] === "" && match[2] === "")) return null
  const [, from = "", to = ""] = match
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1)
  // One that ends before it starts is none (RFC 9110, 14.1.1); one that starts after the end can't be met.
  return from !== "" && to !== "" && Number(to) < Number(from) ? null : { start, end }
}

/** Whether `If-None-Match` names this file: alone, in a list, weakly, or with a star. */
const namesTag = (header: string | undefined, etag: string): boolean =>
  (header ?? "").split(",").some((tag) => ["*", etag].includes(tag.trim().replace(/^W\//, "")))

const answer = Effect.fnUntraced(function* (
  { file, size, contentType, etag }: MediaFile,
  headers: Readonly<Record<string, string | undefined>>,
) {
  const common = {
    etag,
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=3600",
    "content-type": contentType,
    "content-disposition": "inline",
    // A page that was told the address may show it, wherever that page is from.
    "cross-origin-resource-policy": "cross-origin",
  }
  if (namesTag(headers["if-none-match"], etag))
    return HttpServerResponse.empty({ status: 304, headers: common })
  const fresh = headers["if-range"] === undefined || headers["if-range"] === etag
  const range = fresh ? rangeOf(headers["range"], size) : null
  // The etag of the bytes, in place of one of the file's time.
  const ours = HttpServerResponse.setHeaders(common)
  if (range === null) return ours(yield* HttpServerResponse.file(file, { contentType }))
  const { start, end } = range
  if (start > end || start >= size)
    return HttpServerResponse.empty({ status: 416, headers: { "content-range": `bytes */${size}` } })
  const part = yield* HttpServerResponse.file(file, {
    status: 206,
    offset: start,
    bytesToRead: end - start + 1,
    contentType,
  })
  return HttpServerResponse.setHeader(ours(part), "content-range", `bytes ${start}-${end}/${size}`)
})

/** Pictures and clips. The address is the permission: it is signed, names one file and lapses. */
export const mediaRoute = (homes: Homes["Service"], media: MediaAddress, cache: MediaCache) =>
  HttpRouter.route(
    "GET",
    "/v1/media/:account/:file",
    Effect.gen(function* () {
      const request = yield* HttpServerRequest.HttpServerRequest
      const { account, file } = yield* HttpRouter.schemaPathParams(
        Schema.Struct({ account: Schema.String, file: Schema.String }),
      )
      const { expires, signature } = yield* HttpServerRequest.schemaSearchParams(
        Schema.Struct({
          expires: Schema.optionalKey(Schema.String),
          signature: Schema.optionalKey(Schema.String),
        }),
      )
      const id = decodeAccount(Number(account))
      const now = yield* Clock.currentTimeMillis
      const path = Exit.isSuccess(id) ? media.verify(id.value, file, expires, signature, now) : null
      if (path === null || Exit.isFailure(id))
        return yield* problem("forbidden", "the address is not signed by this server, or has lapsed")
      const home = (yield* SubscriptionRef.get(homes.all)).get(id.value)
      if (home === undefined) return yield* problem("not_found", "the account is not here any more")
      return yield* cache.get(home, path).pipe(
        Effect.flatMap((found) => answer(found, request.headers)),
        Effect.catchTag("BlinkError", (error) =>
          Effect.gen(function* () {
            const shown = toProtocolError(error, yield* makeCorrelationId)
            yield* logProblem(shown)
            return problemResponse(
              shown.code === "wrong_target"
                ? { ...shown, code: "not_found", message: "the cloud no longer has this file" }
                : shown,
            )
          }),
        ),
      )
    }),
  )
