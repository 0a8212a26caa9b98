import { type BlinkApi, type BlinkError, type MediaPage, pageRetry } from "@blink-streams/core"
import { type Clip, type ClipId, type Timestamp, timestampFromMillis } from "@blink-streams/model"
import { Clock, Effect } from "effect"
import type { LogError } from "../../LogError.ts"
import {
  isFullScanDue,
  type MediaCheckpoint,
  type MediaScan,
  scanSince,
  type ScanStart,
} from "../derive/MediaCheckpoint.ts"
import type { CloudClock } from "./CloudClock.ts"

/** Most clips of one poll; more are reported as a gap. About 30 MB. */
const maxClips = 20_000
/** Pages of the legacy API have ten rows. */
const maxPages = 400

/** A list of several pages, as far as it is read. */
interface PartialScan extends ScanStart {
  readonly since: Timestamp | null
  readonly fullScan: boolean
  readonly clips: Map<ClipId, Clip>
  page: number
  last: boolean
}

/** Pages shift while they are read: a clip may be listed twice, and the newer row counts. */
const merge = ({ clips }: PartialScan, page: MediaPage) => {
  for (const clip of page.clips) {
    const known = clips.get(clip.id)
    if (known === undefined || known.updatedAt <= clip.updatedAt) clips.set(clip.id, clip)
  }
}

/**
 * Reads the clips after the checkpoint, page by page. `saveStart` runs after the first page of a scan.
 *
 * On a bad network, or with the hour's requests used up, a long list is not read in one go: a failed poll keeps its
 * position and the next one continues there. `reset` drops the pages, once they are written.
 */
export const makeMediaPagination = (
  api: BlinkApi["Service"],
  clock: CloudClock["Service"],
  saveStart: (start: ScanStart) => Effect.Effect<void, LogError>,
) => {
  let partial: PartialScan | null = null

  const fetchPage = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const response = yield* api.media(since, page)
    clock.update(response.serverTime, timestampFromMillis(yield* Clock.currentTimeMillis))
    return response
  })

  /**
   * Reads the last page again. Clips that were removed from the list have moved others to pages that are read already,
   * so it goes back until a page has a known clip.
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
      const next = yield* Effect.retry(fetchPage(scan.since, scan.page + 1), pageRetry)
      merge(scan, next)
      scan.page += 1
      scan.last = next.last
    }
    const { startedAt, serverTime, fullScan } = scan
    return { startedAt, serverTime, fullScan, clips: [...scan.clips.values()], complete: scan.last }
  })

  return {
    /** `lastCompleteAt` is the cloud's time of the last complete scan. */
    read: Effect.fnUntraced(function* (
      checkpoint: MediaCheckpoint | null,
      lastCompleteAt: Timestamp | null,
    ): Effect.fn.Return<MediaScan, BlinkError | LogError> {
      if (partial !== null) {
        yield* resync(partial)
        return yield* continueScan(partial)
      }
      const startedAt = timestampFromMillis(yield* Clock.currentTimeMillis)
      const fullScan = checkpoint !== null && isFullScanDue(checkpoint, startedAt)
      const since = scanSince(checkpoint, fullScan, lastCompleteAt)
      const { serverTime, clips, last } = yield* fetchPage(since, 1)
      yield* saveStart({ startedAt, serverTime })
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
