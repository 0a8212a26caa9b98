/** Divides `[from, to)` into `bucketCount` equal buckets and returns the indexes of those with at least one of `times`, ascending. */
export const occupiedBuckets = (
  times: ReadonlyArray<number>,
  from: number,
  to: number,
  bucketCount: number,
): ReadonlyArray<number> => {
  const occupied = new Set<number>()
  for (const time of times)
    if (time >= from && time < to) occupied.add(Math.floor(((time - from) / (to - from)) * bucketCount))
  return [...occupied].sort((a, b) => a - b)
}
