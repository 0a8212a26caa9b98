/** Properties by which an item is found and listed. */
interface Named<A> {
  /** Such as `camera`. */
  readonly noun: string
  readonly nameOf: (item: A) => string
  /** The first one is unique. */
  readonly idsOf: (item: A) => readonly [string | number, ...ReadonlyArray<string | number>]
}

/**
 * Finds the only item with this id or name. An equal name wins over one that differs in upper and lower case. Throws a
 * `TypeError` that lists what there is when none or more than one matches.
 */
export const findItem = <A>(
  items: ReadonlyArray<A>,
  nameOrId: string | number,
  { noun, nameOf, idsOf }: Named<A>,
): A => {
  const name = String(nameOrId)
  const candidates = [
    items.filter((item) => idsOf(item).includes(nameOrId)),
    items.filter((item) => nameOf(item) === name),
    items.filter((item) => nameOf(item).toLowerCase() === name.toLowerCase()),
  ]
  const [first, ...others] = candidates.find((found) => found.length > 0) ?? []
  if (first === undefined) {
    const existing = items.length === 0 ? "there are none" : items.map(nameOf).join(", ")
    throw new TypeError(`there is no ${noun} "${name}": ${existing}`)
  }
  if (others.length === 0) return first
  const ids = [first, ...others].map((item) => idsOf(item)[0])
  throw new TypeError(`there is more than one ${noun} "${name}": use an id (${ids.join(", ")})`)
}
