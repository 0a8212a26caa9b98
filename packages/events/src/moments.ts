import { type NetworkId, type Timestamp, Timestamps } from "@blink-streams/model"
import { Schema } from "effect"

/** Lists that show motion: of clips in the cloud, of clips on a USB stick, of the seed's event rows. */
const witnesses = ["cloud", "local", "events"] as const
export type Witness = (typeof witnesses)[number]

/**
 * How often each list has shown something of one second at a camera: every list has its own copy of one and the same
 * motion, and there may be more than one motion in a second.
 */
export const MomentMemory = Schema.Struct({
  cloud: Schema.optionalKey(Schema.Int),
  local: Schema.optionalKey(Schema.Int),
  events: Schema.optionalKey(Schema.Int),
})
export type MomentMemory = typeof MomentMemory.Type
const isMomentMemory = Schema.is(MomentMemory)

/** Under what a clip is known. */
export const clipKey = (identity: string): string => `clip:${identity}`

/** Under what is noted that a row of the seed's event list, which named this clip, has told of its motion. */
export const toldByRowKey = (clipId: string): string => `told by row:${clipId}`

/** Copies of one moment differ by up to this (`blink-protocol.md` 3.5). */
const copySeconds = 2

/** What is so far away cannot be a copy, nor decide which of its neighbours is one, unless motion has no end in between. */
const reach = 10

const nearby = Array.from({ length: 2 * reach + 1 }, (_, index) => index - reach)

/** Under what the moments around one at a camera may be remembered, the oldest first. */
export const momentKeys = (network: NetworkId, place: string, at: Timestamp): ReadonlyArray<string> => {
  const second = Math.floor(Timestamps.toMillis(at) / 1000)
  return nearby.map((offset) => `moment:${network}:${place}:${second + offset}`)
}

/** At which seconds a list shows something, each as often as it does. */
const secondsOf = (shown: ReadonlyArray<MomentMemory>, witness: Witness): ReadonlyArray<number> =>
  shown.flatMap((times, second) => Array.from({ length: times[witness] ?? 0 }, () => second))

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
  keys: ReadonlyArray<string>,
  witness: Witness,
  recall: (key: string) => unknown,
  remember: (key: string, value: MomentMemory) => void,
): boolean => {
  const own = keys[reach]
  if (own === undefined) return false
  const before = keys.map((key): MomentMemory => {
    const known = recall(key)
    return isMomentMemory(known) ? known : {}
  })
  const times = before[reach] ?? {}
  const after = before.with(reach, { ...times, [witness]: (times[witness] ?? 0) + 1 })
  remember(own, after[reach] ?? {})
  return witnesses.some((other) => {
    const others = secondsOf(before, other)
    return (
      other !== witness &&
      copies(secondsOf(after, witness), others) > copies(secondsOf(before, witness), others)
    )
  })
}
