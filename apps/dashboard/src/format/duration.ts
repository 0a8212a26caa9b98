const units = [
  [60_000, 1_000, "s"],
  [3_600_000, 60_000, "min"],
  [86_400_000, 3_600_000, "h"],
  [Number.POSITIVE_INFINITY, 86_400_000, "d"],
] as const

/** Formats a duration in its largest unit, rounded down: `12 s`, `4 min`, `3 h`, `2 d`. */
export const formatDuration = (ms: number): string => {
  const [, unit, name] = units.find(([below]) => ms < below) ?? units[3]
  return `${Math.max(0, Math.floor(ms / unit))} ${name}`
}

/** Formats the time since `at`: `12 s ago`, or `just now` below 3 seconds and for times in the future (clock skew). */
export const formatAge = (at: string | number, now: number): string => {
  const ms = now - (typeof at === "number" ? at : Date.parse(at))
  return ms < 3_000 ? "just now" : `${formatDuration(ms)} ago`
}
