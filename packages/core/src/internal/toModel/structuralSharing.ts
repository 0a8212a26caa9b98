import { Equal } from "effect"
import type { SnapshotData } from "./toSnapshot.ts"

/**
 * Compares field by field and stops at the first difference. Hashing whole objects costs more than decoding
 * them.
 */
const haveSameFields = <A extends object>(one: A, other: A): boolean => {
  for (const key in one) if (one[key] !== other[key] && !Equal.equals(one[key], other[key])) return false
  return true
}

const reuseEqual = <A extends object>(
  previous: ReadonlyArray<A>,
  next: ReadonlyArray<A>,
): ReadonlyArray<A> => {
  const members = next.map((member, index) => {
    const old = previous[index]
    return old !== undefined && (old === member || haveSameFields(old, member)) ? old : member
  })
  const same =
    previous.length === members.length && members.every((member, index) => member === previous[index])
  return same ? previous : members
}

/**
 * Returns equal parts of consecutive snapshots as the same objects, because the cloud's response changes with
 * every heartbeat.
 */
export const makeStructuralSharing = () => {
  let previous: SnapshotData = { networks: [], syncModules: [], cameras: [] }
  return (next: SnapshotData): SnapshotData => {
    previous = {
      networks: reuseEqual(previous.networks, next.networks),
      syncModules: reuseEqual(previous.syncModules, next.syncModules),
      cameras: reuseEqual(previous.cameras, next.cameras),
    }
    return previous
  }
}
