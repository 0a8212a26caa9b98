/** Result of a benchmark. Ratios are medians over rounds that were interleaved with their baseline in the same run. */
export interface BenchReport {
  readonly ratios: Readonly<Record<string, number>>
  /** Absolute numbers, with the unit in the name. */
  readonly figures: Readonly<Record<string, number>>
  /** Bounds on entries of `ratios` or `figures`, by their name. */
  readonly goals: Readonly<Record<string, { readonly atMost: number } | { readonly atLeast: number }>>
}

/** The middle value; the mean of the two middle ones for an even count. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
