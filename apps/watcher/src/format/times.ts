const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A duration in its largest unit: `38 s`, `3 m`, `2 h`, `4 d`. Negative durations are `0 s`. */
export const durationText = (millis: number): string => {
  const duration = Math.max(0, millis)
  if (duration < minute) return `${Math.floor(duration / second)} s`
  if (duration < hour) return `${Math.floor(duration / minute)} m`
  if (duration < 2 * day) return `${Math.floor(duration / hour)} h`
  return `${Math.floor(duration / day)} d`
}

/** Time since `timestamp`; `–` for `null`. */
export const ageText = (timestamp: string | null, now: number): string =>
  timestamp === null ? "–" : durationText(now - Date.parse(timestamp))

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" })
const shortClock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" })

/** Local time of day with seconds. */
export const clockText = (timestamp: string): string => clock.format(new Date(timestamp))

/** Local time of day without seconds. */
export const shortClockText = (timestamp: string): string => shortClock.format(new Date(timestamp))
