import { type HttpClient, RequestError } from "@blink-streams/client/http"
import type { ScreenHistory } from "./model/ScreenStore.ts"

/** Number of events to show from before the start: about one busy day. */
const historySize = 500

/** Finds the newest events in the log, at most 500. There are none when the log cannot be read: the screen works without. */
export const recentEvents = async (http: HttpClient): Promise<ScreenHistory> => {
  try {
    const { events, previous } = await http.events(
      { limit: historySize, backfilled: true },
      { signal: AbortSignal.timeout(3_000) },
    )
    return { since: previous, seen: new Set(events.map(({ cursor }) => cursor)) }
  } catch (error) {
    if (error instanceof RequestError || error instanceof DOMException)
      return { since: null, seen: new Set() }
    throw error
  }
}
