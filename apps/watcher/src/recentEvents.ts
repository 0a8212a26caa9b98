import { type HttpClient, RequestError } from "@blink-streams/client/http"

/** Number of events to show from before the start: about one busy day. */
const historySize = 500

/** The newest events in the log: their cursors, and the cursor before them. */
export interface RecentEvents {
  readonly since: string
  readonly cursors: ReadonlySet<string>
}

/** Finds the newest events in the log, at most 500. `null` when the log cannot be read: the screen works without it. */
export const recentEvents = async (http: HttpClient): Promise<RecentEvents | null> => {
  try {
    const { events, previous } = await http.events(
      { limit: historySize },
      { signal: AbortSignal.timeout(3_000) },
    )
    return { since: previous, cursors: new Set(events.map(({ cursor }) => cursor)) }
  } catch (error) {
    if (error instanceof RequestError || error instanceof DOMException) return null
    throw error
  }
}
