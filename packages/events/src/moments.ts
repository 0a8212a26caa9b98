import { type NetworkId, type Timestamp, Timestamps } from "@blink-streams/model"
import { Schema } from "effect"

/** A list that shows motion: of clips in the cloud, of clips on a USB stick, of the seed's event rows. */
export const Witness = Schema.Literals(["cloud", "local", "events"])
export type Witness = typeof Witness.Type

/** Which lists have shown a moment at a camera: each has its own copy of one and the same motion. */
export const MomentMemory = Schema.Array(Witness)
export type MomentMemory = typeof MomentMemory.Type
const isMomentMemory = Schema.is(MomentMemory)

/** Copies of one moment differ by up to this (`blink-protocol.md` 3.5). */
const copySeconds = 2

/** The same second first, then its neighbours. */
const nearby = Array.from({ length: 2 * copySeconds + 1 }, (_, index) => index - copySeconds).sort(
  (a, b) => Math.abs(a) - Math.abs(b),
)

/** Under what a moment at a camera may be remembered, the nearest first. */
export const momentKeys = (network: NetworkId, place: string, at: Timestamp): ReadonlyArray<string> => {
  const second = Math.floor(Timestamps.toMillis(at) / 1000)
  return nearby.map((offset) => `moment:${network}:${place}:${second + offset}`)
}

/**
 * Notes that `witness` has shown a moment. Answers whether another list showed it before: then it is told already.
 * One moment of one list stands for one of another, never for two.
 */
export const isToldBy = (
  keys: ReadonlyArray<string>,
  witness: Witness,
  recall: (key: string) => unknown,
  remember: (key: string, value: MomentMemory) => void,
): boolean => {
  for (const key of keys) {
    const shownBy = recall(key)
    if (isMomentMemory(shownBy) && !shownBy.includes(witness)) {
      remember(key, [...shownBy, witness])
      return true
    }
  }
  const [own] = keys
  if (own !== undefined) remember(own, [witness])
  return false
}
