import { type NetworkId, type Timestamp, timestampToMillis } from "@blink-streams/model"
import { Schema } from "effect"

/** Lists that show motion: of clips in the cloud, of clips on a USB stick, of the seed's event rows. */
const detectionSources = ["cloud", "local", "events"] as const
export type DetectionSource = (typeof detectionSources)[number]

/**
 * When in one minute each list has shown something at a camera, in seconds of the epoch and in order: every list has its
 * own copy of one and the same motion, and there may be more than one motion in a second.
 */
export const DedupState = Schema.Struct({
  cloud: Schema.optionalKey(Schema.Array(Schema.Int)),
  local: Schema.optionalKey(Schema.Array(Schema.Int)),
  events: Schema.optionalKey(Schema.Array(Schema.Int)),
})
export type DedupState = typeof DedupState.Type
const isDedupState = Schema.is(DedupState)

/** Under what a clip is known. */
export const clipKey = (identity: string): string => `clip:${identity}`

/** Under what is noted that a row of the seed's event list, which named this clip, has told of its motion. */
export const emittedByLegacyKey = (clipId: string): string => `told by row:${clipId}`

/** Something that a list shows at a camera. */
interface Detection {
  readonly second: number
  /** Under what the minute before, its own and the one after it are remembered. */
  readonly keys: readonly [string, string, string]
}

export const detectionOf = (network: NetworkId, camera: string, at: Timestamp): Detection => {
  const second = Math.floor(timestampToMillis(at) / 1000)
  const keyOf = (minute: number) => `moments:${network}:${camera}:${minute}`
  const minute = Math.floor(second / 60)
  return { second, keys: [keyOf(minute - 1), keyOf(minute), keyOf(minute + 1)] }
}

/** Copies of one moment differ by up to this (`blink-protocol.md` 3.5). */
const maxSkewSeconds = 2

/** How many of two lists can be copies of each other at most. Both are in order, so whoever is first takes the first. */
const countMatches = (ones: ReadonlyArray<number>, others: ReadonlyArray<number>): number => {
  let found = 0
  for (let i = 0, j = 0; i < ones.length && j < others.length;) {
    const difference = ones[i]! - others[j]!
    if (Math.abs(difference) <= maxSkewSeconds) {
      found += 1
      i += 1
      j += 1
    } else if (difference < 0) i += 1
    else j += 1
  }
  return found
}

/**
 * Notes that `witness` has shown a moment. Answers whether another list showed it before: then it is told already.
 *
 * One moment of one list stands for one of another, never for two, and which for which shows only when both lists are
 * there. So it is told already when it leaves as many moments without a copy as there were before.
 */
export const isDuplicate = (
  { keys, second }: Detection,
  source: DetectionSource,
  getKnown: (key: string) => unknown,
  save: (key: string, value: DedupState) => void,
): boolean => {
  const dedupStateAt = (key: string): DedupState => {
    const known = getKnown(key)
    return isDedupState(known) ? known : {}
  }
  const secondsOf = (listSource: DetectionSource) =>
    keys.flatMap((key) => dedupStateAt(key)[listSource] ?? [])
  const withThis = (seconds: ReadonlyArray<number>) => [...seconds, second].sort((a, b) => a - b)
  const before = secondsOf(source)
  const after = withThis(before)
  const isMatched = detectionSources.some((other) => {
    const others = secondsOf(other)
    return other !== source && countMatches(after, others) > countMatches(before, others)
  })
  const own = dedupStateAt(keys[1])
  save(keys[1], { ...own, [source]: withThis(own[source] ?? []) })
  return isMatched
}
