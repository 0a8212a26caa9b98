/** Which of `cells` equal parts of `[from, to)` hold at least one of `times`; rising, each once. */
export const ticks = (
  times: ReadonlyArray<number>,
  from: number,
  to: number,
  cells: number,
): ReadonlyArray<number> => {
  const found = new Set<number>()
  for (const time of times)
    if (time >= from && time < to) found.add(Math.floor(((time - from) / (to - from)) * cells))
  return [...found].sort((a, b) => a - b)
}
