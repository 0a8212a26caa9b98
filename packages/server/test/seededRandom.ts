/** Returns a random number generator. The same seed gives the same sequence, so that failures are reproducible. */
export const seededRandom = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}
