import type { EventLog } from "@blink-streams/events/EventLog"
import type { Seq } from "@blink-streams/model"
import { Effect, Semaphore } from "effect"
import type { MediaAddress } from "../MediaAddress.ts"
import { textFrames } from "./frames.ts"
import type { Reader } from "./Line.ts"
import { Outgoing } from "./Shape.ts"

/** Events read at once. */
const pageSize = 1_024
/** Pages kept for other readers at the same place. */
const mostPages = 16
/** Written in pieces of so many frames, so that the progress of a slow peer can be seen. */
const pieceFrames = 128

/** The frames of one reader after its place. */
interface Page {
  readonly pieces: ReadonlyArray<Buffer>
  readonly frames: number
  /** How far they reach. */
  readonly last: Seq
}

/** Frames for readers that are served from the log. One page is read at a time, and shared by those who need the same. */
export const makeLogPages = Effect.fnUntraced(function* (
  log: EventLog["Service"],
  media: MediaAddress,
  now: () => number,
) {
  const oneRead = yield* Semaphore.make(1)
  const pages = new Map<string, Page>()

  const read = Effect.fnUntraced(function* ({ shape, sent, replayedUntil }: Reader) {
    const key = `${sent} ${replayedUntil} ${shape.key}`
    const known = pages.get(key)
    if (known !== undefined) return known
    const at = now()
    const events = (yield* log.readText(sent, pageSize)).map(
      ({ seq, text }) => new Outgoing(media, at, seq, text, null),
    )
    const texts = shape.frames(events, log.epoch, (seq) => seq <= replayedUntil)
    const pieces: Array<Buffer> = []
    for (let from = 0; from < texts.length; from += pieceFrames)
      pieces.push(textFrames(texts.slice(from, from + pieceFrames)))
    const made: Page = { pieces, frames: texts.length, last: events.at(-1)?.seq ?? sent }
    // A page that is not full yet would be another one a moment later.
    if (events.length === pageSize) {
      pages.set(key, made)
      if (pages.size > mostPages) for (const oldest of pages.keys()) if (pages.delete(oldest)) break
    }
    return made
  })

  return (reader: Reader) => oneRead.withPermit(read(reader))
})
