import { type NetworkId, type Timestamp, timestampToMillis } from "@blink-streams/model"
import { Schema } from "effect"

/** Lists that show motion: clips in the cloud, clips on USB storage, rows of the legacy event list. */
const detectionSources = ["cloud", "local", "legacy"] as const
export type DetectionSource = (typeof detectionSources)[number]

/**
 * The seconds of one minute, in Unix time and in order, at which each list has shown something of a camera. Every list
 * has its own copy of the same motion, and one second may have more than one motion.
 */
export const DedupState = Schema.Struct({
  cloud: Schema.optionalKey(Schema.Array(Schema.Int)),
  local: Schema.optionalKey(Schema.Array(Schema.Int)),
  legacy: Schema.optionalKey(Schema.Array(Schema.Int)),
})
export type DedupState = typeof DedupState.Type
const isDedupState = Schema.is(DedupState)

/** Metadata key of a clip. */
export const clipKey = (identity: string): string => `clip:${identity}`

/** Metadata key that marks a clip whose motion was emitted from a row of the legacy event list. */
export const emittedByLegacyKey = (clipId: string): string => `legacy-emitted:${clipId}`

/** An entry of a list at one camera. */
interface Detection {
  readonly second: number
  /** Metadata keys of the previous minute, its own and the next one. */
  readonly keys: readonly [string, string, string]
}

export const detectionOf = (network: NetworkId, camera: string, at: Timestamp): Detection => {
  const second = Math.floor(timestampToMillis(at) / 1000)
  const keyOf = (minute: number) => `detections:${network}:${camera}:${minute}`
  const minute = Math.floor(second / 60)
  return { second, keys: [keyOf(minute - 1), keyOf(minute), keyOf(minute + 1)] }
}

/** Copies of one motion differ by up to this many seconds (`blink-protocol.md` 3.5). */
const maxSkewSeconds = 2

/** Largest number of pairs that can be copies of each other. Both lists are in order, so the first match is taken. */
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
 * Records a detection of `source`. Returns true when another list has shown the same motion before.
 *
 * An entry of one list matches at most one of another, and which ones match is only certain when both lists are
 * complete. So a detection is a duplicate when it adds a match.
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
