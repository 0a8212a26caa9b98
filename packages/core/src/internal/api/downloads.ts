import { Effect, Option, Stream } from "effect"
import { Headers } from "effect/http"
import { blinkError } from "../../BlinkError.ts"
import type { ByteRange, Download } from "../../Media.ts"
import { NotFound, NotReady } from "../../Reason.ts"
import { AuthorizedClient } from "../http/AuthorizedClient.ts"

const concat = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    all.set(chunk, offset)
    offset += chunk.length
  }
  return all
}

/** Downloads a thumbnail or clip as a stream. */
export const streamFile = Effect.fn("BlinkApi.stream")(function* (path: string, range?: ByteRange) {
  const { download } = yield* AuthorizedClient
  const httpDownload = yield* download(
    path,
    range === undefined ? {} : { range: `bytes=${range.start}-${range.end ?? ""}` },
  )
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

/** Downloads a thumbnail or clip. */
export const readFile = Effect.fn("BlinkApi.bytes")(function* (path: string) {
  const { bytes } = yield* streamFile(path)
  const all = concat(yield* Stream.runCollect(bytes))
  return all.length === 0
    ? yield* blinkError("download", new NotReady({ detail: "the picture or clip is still empty" }), "yes")
    : all
})
