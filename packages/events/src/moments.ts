import { type NetworkId, type Timestamp, Timestamps } from "@blink-streams/model"
import { Schema } from "effect"

/** A list that shows motion: of clips in the cloud, of clips on a USB stick, of the seed's event rows. */
export type Witness = keyof MomentMemory

/**
 * How often each list has shown a moment at a camera: every list has its own copy of one and the same motion, and there
 * may be more than one motion in a second.
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

const nearby = Array.from({ length: 2 * copySeconds + 1 }, (_, index) => index - copySeconds)

/** Under what a moment at a camera may be remembered, the oldest first. */
export const momentKeys = (network: NetworkId, place: string, at: Timestamp): ReadonlyArray<string> => {
  const second = Math.floor(Timestamps.toMillis(at) / 1000)
  return nearby.map((offset) => `moment:${network}:${place}:${second + offset}`)
}

/**
 * Notes that `witness` has shown a moment. Answers whether another list showed it before: then it is told already.
 * One moment of one list stands for one of another, never for two. The oldest that is left is taken: copies come in the
 * order of what they are copies of, so the nearest one may be the copy of the next.
 */
export const isToldBy = (
  keys: ReadonlyArray<string>,
  witness: Witness,
  recall: (key: string) => unknown,
  remember: (key: string, value: MomentMemory) => void,
): boolean => {
  const shown = (key: string): MomentMemory => {
    const known = recall(key)
    return isMomentMemory(known) ? known : {}
  }
  const note = (key: string, before: MomentMemory) =>
    remember(key, { ...before, [witness]: (before[witness] ?? 0) + 1 })
  for (const key of keys) {
    const times = shown(key)
    if (Math.max(0, ...Object.values(times)) > (times[witness] ?? 0)) {
      note(key, times)
      return true
    }
  }
  const own = keys[copySeconds]
  if (own !== undefined) note(own, shown(own))
  return false
}
