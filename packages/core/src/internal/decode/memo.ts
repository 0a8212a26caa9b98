import { Predicate } from "effect"

/** Memoizes the last call of a pure function. */
export const memoizeLast = <Args extends ReadonlyArray<unknown>, A>(compute: (...args: Args) => A) => {
  let last: { readonly args: Args; readonly value: A } | null = null
  return (...args: Args): A => {
    if (
      last === null ||
      last.args.length !== args.length ||
      args.some((arg, index) => arg !== last?.args[index])
    ) {
      last = { args, value: compute(...args) }
    }
    return last.value
  }
}

/**
 * Compares plain data of one shape field by field and stops at the first difference. Hashing whole objects
 * costs more than decoding them.
 */
const isSameData = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (!Predicate.isReadonlyObject(one) || !Predicate.isReadonlyObject(other)) return false
  for (const key in one) if (!isSameData(one[key], other[key])) return false
  return true
}

/**
 * Memoizes the conversion of a list per member (structural sharing). A member that is the same object as
 * before is not converted again, an equal result is the same object as before, and a list of the same results
 * is the same list: the cloud's response changes with every heartbeat.
 */
export const memoizeMembers = <In extends object, Out extends object>(convert: (member: In) => Out) => {
  let members: ReadonlyArray<In> = []
  let results: ReadonlyArray<Out> = []

  const resultOf = (member: In, index: number): Out => {
    const old = results[index]
    if (old !== undefined && members[index] === member) return old
    const result = convert(member)
    return old !== undefined && isSameData(old, result) ? old : result
  }

  return (next: ReadonlyArray<In>): ReadonlyArray<Out> => {
    if (next === members) return results
    const converted = next.map(resultOf)
    const isSame =
      converted.length === results.length && converted.every((result, index) => result === results[index])
    members = next
    if (!isSame) results = converted
    return results
  }
}

/**
 * Caches decoded responses by key. An unchanged response costs a string comparison instead of a parse and
 * returns the same object.
 */
export const makeResponseCache = (capacity: number) => {
  const entries = new Map<string, { readonly text: string; readonly value: unknown }>()
  return {
    get: (key: string, text: string): { readonly value: unknown } | null => {
      const entry = entries.get(key)
      return entry?.text === text ? entry : null
    },
    /** Most recent entry of `key`, whatever its text. */
    latest: (key: string): { readonly text: string; readonly value: unknown } | null =>
      entries.get(key) ?? null,
    set: (key: string, text: string, value: unknown): void => {
      entries.delete(key)
      entries.set(key, { text, value })
      if (entries.size > capacity) entries.delete(entries.keys().next().value!)
    },
  }
}
