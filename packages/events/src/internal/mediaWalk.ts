import type { BlinkApi, MediaPage } from "@blink-streams/core/BlinkApi"
import type { BlinkError } from "@blink-streams/core/BlinkError"
import { type Clip, type ClipId, type Timestamp, Timestamps } from "@blink-streams/model"
import { Clock, Duration, Effect, Schedule } from "effect"
import { type MediaCheckpoint, type MediaWalk, sinceOf, sweepDue } from "../MediaCheckpoint.ts"
import type { CloudClock } from "./cloudClock.ts"

/** One look reads at most so many clips; what is beyond is told as a gap. About 30 MB. */
const mostClips = 20_000
/** Legacy pages have ten rows. */
const mostPages = 400

/** A list of more than one page, as far as it was read. */
interface Place {
  readonly startedAt: Timestamp
  readonly serverTime: Timestamp | null
  readonly since: Timestamp | null
  readonly sweep: boolean
  readonly clips: Map<ClipId, Clip>
  page: number
  last: boolean
}

/** Pages shift while they are read: a clip may come twice, and the newer row is the one that counts. */
const merge = ({ clips }: Place, page: MediaPage) => {
  for (const clip of page.clips) {
    const known = clips.get(clip.id)
    if (known === undefined || known.updatedAt <= clip.updatedAt) clips.set(clip.id, clip)
  }
}

/** Something that the same request may be spared the second time. */
const isStumble = ({ category, retryAfter }: BlinkError): boolean =>
  category === "transient" && Duration.toMillis(retryAfter) === 0

/**
 * Everything after the checkpoint, page by page.
 *
 * On a bad network, or with the hour's requests used up, a long list is never read in one go: a look that fails keeps its
 * place, and the next one goes on from there. `forget` lets go of what was read, once it is written.
 */
export const makeMediaWalk = (api: BlinkApi["Service"], clock: CloudClock) => {
  let place: Place | null = null

  const ask = Effect.fnUntraced(function* (since: Timestamp | null, page: number) {
    const answer = yield* api.media(since, page)
    clock.note(answer.serverTime, Timestamps.fromMillis(yield* Clock.currentTimeMillis))
    return answer
  })

  /**
   * Reads the last page once more. Clips that vanished from the list meanwhile have pulled others forward, to pages that
   * were read: so it goes back until a page shows something that is known.
   */
  const find = Effect.fnUntraced(function* (at: Place) {
    const again: Array<MediaPage> = []
    for (let page = at.page, found = false; page > 0 && !found; page--) {
      const answer = yield* ask(at.since, page)
      again.push(answer)
      found = answer.clips.some(({ id }) => at.clips.has(id))
    }
    at.last = again[0]?.last ?? false
    for (const answer of again) merge(at, answer)
  })

  const goOn = Effect.fnUntraced(function* (at: Place): Effect.fn.Return<MediaWalk, BlinkError> {
    while (!at.last && at.page < mostPages && at.clips.size < mostClips) {
      const next = yield* Effect.retry(ask(at.since, at.page + 1), {
        schedule: Schedule.spaced("2 seconds"),
        times: 2,
        while: isStumble,
      })
      merge(at, next)
      at.page += 1
      at.last = next.last
    }
    const { startedAt, serverTime, sweep } = at
    return { startedAt, serverTime, sweep, clips: [...at.clips.values()], whole: at.last }
  })

  return {
    /** `wholeAt` is the cloud's time of the last look that read everything. */
    read: Effect.fnUntraced(function* (
      checkpoint: MediaCheckpoint | null,
      wholeAt: Timestamp | null,
    ): Effect.fn.Return<MediaWalk, BlinkError> {
      if (place !== null) {
        yield* find(place)
        return yield* goOn(place)
      }
      const startedAt = Timestamps.fromMillis(yield* Clock.currentTimeMillis)
      const sweep = checkpoint !== null && sweepDue(checkpoint, startedAt)
      const since = sinceOf(checkpoint, sweep, wholeAt)
      const { serverTime, clips, last } = yield* ask(since, 1)
      if (last) return { startedAt, serverTime, sweep, clips, whole: true }
      const known = new Map(clips.map((clip) => [clip.id, clip]))
      place = { startedAt, serverTime, since, sweep, clips: known, page: 1, last }
      return yield* goOn(place)
    }),
    forget: () => {
      place = null
    },
  }
}
