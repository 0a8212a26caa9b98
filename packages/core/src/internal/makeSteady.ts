import { Equal } from "effect"
import type { Picture } from "./toSnapshot.ts"

/** Field by field, because the first one that differs ends it; hashing whole objects costs more than reading them did. */
const haveSameFields = <A extends object>(one: A, other: A): boolean => {
  for (const key in one) if (one[key] !== other[key] && !Equal.equals(one[key], other[key])) return false
  return true
}

const sameWhereEqual = <A extends object>(
  before: ReadonlyArray<A>,
  next: ReadonlyArray<A>,
): ReadonlyArray<A> => {
  const members = next.map((member, index) => {
    const old = before[index]
    return old !== undefined && (old === member || haveSameFields(old, member)) ? old : member
  })
  const same = before.length === members.length && members.every((member, index) => member === before[index])
  return same ? before : members
}

/** The cloud's answer moves with every heartbeat; what of a picture is the same as in the one before is the same object. */
export const makeSteady = () => {
  let latest: Picture = { networks: [], syncModules: [], cameras: [] }
  return (next: Picture): Picture => {
    latest = {
      networks: sameWhereEqual(latest.networks, next.networks),
      syncModules: sameWhereEqual(latest.syncModules, next.syncModules),
      cameras: sameWhereEqual(latest.cameras, next.cameras),
    }
    return latest
  }
}
