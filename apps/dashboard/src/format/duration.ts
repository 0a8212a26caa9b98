const units = [
  [60_000, 1_000, "s"],
  [3_600_000, 60_000, "min"],
  [86_400_000, 3_600_000, "h"],
  [Number.POSITIVE_INFINITY, 86_400_000, "d"],
] as const

/** A span in its one largest unit: `12 s`, `4 min`, `3 h`, `2 d`. Rounded down, so that it never overstates. */
export const formatDuration = (ms: number): string => {
  const [, unit, name] = units.find(([below]) => ms < below) ?? units[3]
  return `${Math.max(0, Math.floor(ms / unit))} ${name}`
}

/** How long ago `at` was: `just now` below three seconds, which also covers clocks that differ a little. */
export const formatAge = (at: string | number, now: number): string => {
  const ms = now - (typeof at === "number" ? at : Date.parse(at))
  return ms < 3_000 ? "just now" : `${formatDuration(ms)} ago`
}
