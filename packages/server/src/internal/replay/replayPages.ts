import type { EventLog } from "@blink-streams/events"
import type { Seq } from "@blink-streams/model"
import { Effect, Semaphore } from "effect"
import type { MediaUrlSigner } from "../media/MediaUrlSigner.ts"
import { textFrames } from "../socket/frames.ts"
import type { SubscriptionCursor } from "./Subscriber.ts"
import { OutgoingEvent } from "./SubscriptionGroup.ts"

/** Events per page. */
const pageSize = 1_024
/** Pages cached for other cursors at the same position. */
const maxCachedPages = 16
/** Frames per write: small enough to observe the progress of a slow peer. */
const framesPerChunk = 128

/** Frames that follow the position of a cursor. */
interface Page {
  readonly chunks: ReadonlyArray<Buffer>
  readonly frames: number
  /** Position of the last event read, matching or not. */
  readonly lastSeq: Seq
}

/** Makes the reader of replay pages. One page is read at a time, and cursors at the same position share it. */
export const makeReplayPages = Effect.fnUntraced(function* (
  log: EventLog["Service"],
  mediaUrls: MediaUrlSigner,
  now: () => number,
) {
  const readLock = yield* Semaphore.make(1)
  const pages = new Map<string, Page>()

  const readPage = Effect.fnUntraced(function* ({ group, sentUpTo, replayedUntil }: SubscriptionCursor) {
    const key = `${sentUpTo} ${replayedUntil} ${group.key}`
    const cachedPage = pages.get(key)
    if (cachedPage !== undefined) return cachedPage
    const at = now()
    const events = (yield* log.readEncoded(sentUpTo, pageSize)).map(
      ({ seq, text }) => new OutgoingEvent(mediaUrls, at, seq, text, null),
    )
    const frameTexts = group.frames(events, log.epoch, (seq) => seq <= replayedUntil)
    const chunks: Array<Buffer> = []
    for (let start = 0; start < frameTexts.length; start += framesPerChunk)
      chunks.push(textFrames(frameTexts.slice(start, start + framesPerChunk)))
    const page: Page = { chunks, frames: frameTexts.length, lastSeq: events.at(-1)?.seq ?? sentUpTo }
    // A page that is not full is not cached, because more events may follow.
    if (events.length === pageSize) {
      pages.set(key, page)
      if (pages.size > maxCachedPages) for (const oldest of pages.keys()) if (pages.delete(oldest)) break
    }
    return page
  })

  return (cursor: SubscriptionCursor) => readLock.withPermit(readPage(cursor))
})
