/** Returns the only item. Throws a `TypeError` when there is none or more than one. */
export const exactlyOne = <A>(found: ReadonlyArray<A>, description: string): A => {
  const [first, ...others] = found
  if (first === undefined) throw new TypeError(`there is no ${description}`)
  if (others.length > 0) throw new TypeError(`there is more than one ${description}: use its id`)
  return first
}
