import { type NetworkId, type Timestamp, Timestamps } from "@blink-streams/model"
import { Schema } from "effect"

/** Lists that show motion: of clips in the cloud, of clips on a USB stick, of the seed's event rows. */
const witnesses = ["cloud", "local", "events"] as const
export type Witness = (typeof witnesses)[number]

/**
 * When in one minute each list has shown something at a camera, in seconds of the epoch and in order: every list has its
 * own copy of one and the same motion, and there may be more than one motion in a second.
 */
export const MomentMemory = Schema.Struct({
  cloud: Schema.optionalKey(Schema.Array(Schema.Int)),
  local: Schema.optionalKey(Schema.Array(Schema.Int)),
  events: Schema.optionalKey(Schema.Array(Schema.Int)),
})
export type MomentMemory = typeof MomentMemory.Type
const isMomentMemory = Schema.is(MomentMemory)

/** Under what a clip is known. */
export const clipKey = (identity: string): string => `clip:${identity}`

/** Under what is noted that a row of the seed's event list, which named this clip, has told of its motion. */
export const toldByRowKey = (clipId: string): string => `told by row:${clipId}`

/** Something that a list shows at a camera. */
interface Moment {
  readonly second: number
  /** Under what the minute before, its own and the one after it are remembered. */
  readonly keys: readonly [string, string, string]
}

export const momentOf = (network: NetworkId, place: string, at: Timestamp): Moment => {
  const second = Math.floor(Timestamps.toMillis(at) / 1000)
  const keyOf = (minute: number) => `moments:${network}:${place}:${minute}`
  const minute = Math.floor(second / 60)
  return { second, keys: [keyOf(minute - 1), keyOf(minute), keyOf(minute + 1)] }
}

/** Copies of one moment differ by up to this (`blink-protocol.md` 3.5). */
const copySeconds = 2

/** How many of two lists can be copies of each other at most. Both are in order, so whoever is first takes the first. */
const copies = (ones: ReadonlyArray<number>, others: ReadonlyArray<number>): number => {
  let found = 0
  for (let i = 0, j = 0; i < ones.length && j < others.length;) {
    const apart = ones[i]! - others[j]!
    if (Math.abs(apart) <= copySeconds) {
      found += 1
      i += 1
      j += 1
    } else if (apart < 0) i += 1
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
export const isToldBy = (
  { keys, second }: Moment,
  witness: Witness,
  recall: (key: string) => unknown,
  remember: (key: string, value: MomentMemory) => void,
): boolean => {
  const shown = (key: string): MomentMemory => {
    const known = recall(key)
    return isMomentMemory(known) ? known : {}
  }
  const secondsOf = (list: Witness) => keys.flatMap((key) => shown(key)[list] ?? [])
  const withThis = (seconds: ReadonlyArray<number>) => [...seconds, second].sort((a, b) => a - b)
  const before = secondsOf(witness)
  const after = withThis(before)
  const isTold = witnesses.some((other) => {
    const others = secondsOf(other)
    return other !== witness && copies(after, others) > copies(before, others)
  })
  const own = shown(keys[1])
  remember(keys[1], { ...own, [witness]: withThis(own[witness] ?? []) })
  return isTold
}
