import type { BlinkApi, BlinkError, MediaPage } from "@blink-streams/core"
import { type Clip, type ClipId, type Timestamp, timestampFromMillis } from "@blink-streams/model"
import { Clock, Duration, Effect, Schedule } from "effect"
import { type MediaCheckpoint, type MediaScan, scanSince, isFullScanDue } from "../derive/MediaCheckpoint.ts"
import type { CloudClock } from "./cloudClock.ts"

/** One look reads at most so many clips; what is beyond is told as a gap. About 30 MB. */
const maxClips = 20_000
/** Legacy pages have ten rows. */
const maxPages = 400

/** A list of more than one page, as far as it was read. */
interface PartialScan {
  readonly startedAt: Timestamp
  readonly serverTime: Timestamp | null
  readonly since: Timestamp | null
  readonly fullScan: boolean
  readonly clips: Map<ClipId, Clip>
  page: number
  last: boolean
}

/** Pages shift while they are read: a clip may come twice, and the newer row is the one that counts. */
const merge = ({ clips }: PartialScan, page: MediaPage) => {
  for (const clip of page.clips) {
    const known = clips.get(clip.id)
    if (known === undefined || known.updatedAt <= clip.updatedAt) clips.set(clip.id, clip)
  }
}

/** Something that the same request may be spared the second time. */
const isRetryable = ({ category, retryAfter }: BlinkError): boolean =>
  category === "transient" && Duration.toMillis(retryAfter) === 0

/**
 * Everything after the checkpoint, page by page.
 *
 * On a bad network, or with the hour's requests used up, a long list is never read in one go: a look that fails keeps its
 * place, and the next one goes on from there. `forget` lets go of what was read, once it is written.
 */
export const makeMediaPagination = (api: BlinkApi["Service"], clock: CloudClock) => {
  let partial: PartialScan | null = null

  const fetchPage = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const response = yield* api.media(since, page)
    clock.update(response.serverTime, timestampFromMillis(yield* Clock.currentTimeMillis))
    return response
  })

  /**
   * Reads the last page once more. Clips that vanished from the list meanwhile have pulled others forward, to pages that
   * were read: so it goes back until a page shows something that is known.
   */
  const resync = Effect.fnUntraced(function* (scan: PartialScan) {
    const pages: Array<MediaPage> = []
    for (let page = scan.page, found = false; page > 0 && !found; page--) {
      const response = yield* fetchPage(scan.since, page)
      pages.push(response)
      found = response.clips.some(({ id }) => scan.clips.has(id))
    }
    scan.last = pages[0]?.last ?? false
    for (const response of pages) merge(scan, response)
  })

  const continueScan = Effect.fnUntraced(function* (
    scan: PartialScan,
  ): Effect.fn.Return<MediaScan, BlinkError> {
    while (!scan.last && scan.page < maxPages && scan.clips.size < maxClips) {
      const next = yield* Effect.retry(fetchPage(scan.since, scan.page + 1), {
        schedule: Schedule.spaced("2 seconds"),
        times: 2,
        while: isRetryable,
      })
      merge(scan, next)
      scan.page += 1
      scan.last = next.last
    }
    const { startedAt, serverTime, fullScan } = scan
    return { startedAt, serverTime, fullScan, clips: [...scan.clips.values()], complete: scan.last }
  })

  return {
    /** `wholeAt` is the cloud's time of the last look that read everything. */
    read: Effect.fnUntraced(function* (
      checkpoint: MediaCheckpoint | null,
      lastCompleteAt: Timestamp | null,
    ): Effect.fn.Return<MediaScan, BlinkError> {
      if (partial !== null) {
        yield* resync(partial)
        return yield* continueScan(partial)
      }
      const startedAt = timestampFromMillis(yield* Clock.currentTimeMillis)
      const fullScan = checkpoint !== null && isFullScanDue(checkpoint, startedAt)
      const since = scanSince(checkpoint, fullScan, lastCompleteAt)
      const { serverTime, clips, last } = yield* fetchPage(since, 1)
      if (last) return { startedAt, serverTime, fullScan, clips, complete: true }
      const known = new Map(clips.map((clip) => [clip.id, clip]))
      partial = { startedAt, serverTime, since, fullScan, clips: known, page: 1, last }
      return yield* continueScan(partial)
    }),
    reset: () => {
      partial = null
    },
  }
}
