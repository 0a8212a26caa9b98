import type { Client } from "@blink-streams/client"
import { onCleanup } from "solid-js"
import { eventEntry, timeZoneOf, timeZonesOf } from "./logEntries.ts"
import type { EventHistory } from "./EventHistory.ts"
import { positionBefore, readLog, type LogPage, type LogPosition } from "../api/readLog.ts"

const pageSize = 1_000
/** Media URLs are valid for at least 30 minutes. */
const urlRefreshMs = 20 * 60_000

/**
 * Returns a function that adds up to 1,000 older events to `history` and resolves to `false` when the log has no more.
 * Also reads the kept events again every 20 minutes, because their media URLs expire.
 */
export const createHistoryLoader = (client: Client, history: EventHistory): (() => Promise<boolean>) => {
  const oldest = (): LogPosition | null => {
    const first = history.entries().find((entry) => entry.type === "event")
    return first === undefined ? null : positionBefore(first, 1)
  }

  const refreshMediaUrls = async () => {
    let position = oldest()
    while (position !== null) {
      const page: LogPage = await readLog(position, pageSize)
      history.refreshUrls(page.events.map(({ event }) => event))
      position = page.next
    }
  }
  // A failure is ignored: the page already shows that it is disconnected, and the next interval retries.
  const timer = setInterval(() => void refreshMediaUrls().catch(() => undefined), urlRefreshMs)
  onCleanup(() => clearInterval(timer))

  /** Everything after this position has been loaded. */
  let loadedFrom: LogPosition | null = null
  return async () => {
    const until = loadedFrom ?? oldest()
    if (until === null || until.seq === 0) return false
    const after = positionBefore(until, pageSize)
    const { events, retained } = await readLog(after, pageSize)
    const timeZones = timeZonesOf(client.state)
    history.addEarlier(
      events
        .filter(({ seq }) => seq <= until.seq)
        .map((each) => eventEntry(each, timeZoneOf(timeZones, each.event))),
    )
    loadedFrom = after
    return retained && after.seq > 0
  }
}
