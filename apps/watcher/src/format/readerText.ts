import type { StateSnapshot } from "@blink-streams/client/http"
import { ageText } from "./times.ts"

/** Formats how far a reader is behind, as in `12 events behind, the first 3m ago; closed`. */
export const readerText = (
  { lag, open, savedAt }: Pick<StateSnapshot["readers"][number], "lag" | "open" | "savedAt">,
  now: number,
): string => {
  const first = ageText(new Date(now - lag.seconds * 1000).toISOString(), now)
  const behind =
    lag.events === 0
      ? "up to date"
      : `${lag.events} ${lag.events === 1 ? "event" : "events"} behind, the first from ${first} ago`
  return open ? behind : `${behind}, closed, last saved ${ageText(savedAt, now)} ago`
}
