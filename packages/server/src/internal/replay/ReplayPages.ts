import { AccountMonitors, type LogError } from "@blink-streams/events"
import type { Seq } from "@blink-streams/model"
import { Clock, Context, Effect, Layer, Semaphore } from "effect"
import type { SubscriptionCursor } from "../hub/Subscriber.ts"
import { MediaUrls } from "../media/MediaUrls.ts"
import { textFrames } from "../socket/frames.ts"
import { OutgoingEvent } from "./SubscriptionGroup.ts"

/** Events per page. */
const pageSize = 1_024
/** Pages cached for other cursors at the same position. */
const maxCachedPages = 16
/** Frames per write: small enough to observe the progress of a slow peer. */
const framesPerChunk = 128

interface Chunk {
  readonly bytes: Buffer
  readonly frames: number
}

/** Frames that follow the position of a cursor. */
interface Page {
  readonly chunks: ReadonlyArray<Chunk>
  /** Position of the last event read, matching or not. */
  readonly lastSeq: Seq
}

const toChunks = (frameTexts: ReadonlyArray<string>): ReadonlyArray<Chunk> => {
  const chunks: Array<Chunk> = []
  for (let start = 0; start < frameTexts.length; start += framesPerChunk) {
    const texts = frameTexts.slice(start, start + framesPerChunk)
    chunks.push({ bytes: textFrames(texts), frames: texts.length })
  }
  return chunks
}

const makeReplayPages = Effect.gen(function* () {
  const { log } = yield* AccountMonitors
  const mediaUrls = yield* MediaUrls
  const readLock = yield* Semaphore.make(1)
  const pages = new Map<string, Page>()

  const read = Effect.fnUntraced(function* ({ group, sentUpTo, replayedUntil }: SubscriptionCursor) {
    const key = `${sentUpTo} ${replayedUntil} ${group.key}`
    const cachedPage = pages.get(key)
    if (cachedPage !== undefined) return cachedPage
    const now = yield* Clock.currentTimeMillis
    const events = (yield* log.readEncoded(sentUpTo, pageSize)).map(
      (encoded) => new OutgoingEvent(mediaUrls, now, encoded, null),
    )
    const frameTexts = group.frames(events, log.epoch, (seq) => seq <= replayedUntil)
    const page: Page = { chunks: toChunks(frameTexts), lastSeq: events.at(-1)?.seq ?? sentUpTo }
    // A page that is not full is not cached, because more events may follow.
    if (events.length === pageSize) {
      pages.set(key, page)
      if (pages.size > maxCachedPages) for (const oldest of pages.keys()) if (pages.delete(oldest)) break
    }
    return page
  })

  return ReplayPages.of({ read: (cursor) => readLock.withPermit(read(cursor)) })
})

/** Pages of the log for cursors that replay. One page is read at a time, and cursors at the same position share it. */
export class ReplayPages extends Context.Service<
  ReplayPages,
  {
    /** Returns the page that follows the position of a cursor. */
    read(cursor: SubscriptionCursor): Effect.Effect<Page, LogError>
  }
>()("@blink-streams/server/ReplayPages") {
  static readonly layer: Layer.Layer<ReplayPages, never, AccountMonitors | MediaUrls> = Layer.effect(
    ReplayPages,
    makeReplayPages,
  )
}
