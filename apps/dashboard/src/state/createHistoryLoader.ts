import type { Client } from "@blink-streams/client"
import { onCleanup } from "solid-js"
import { eventEntry, timeZoneOf, timeZonesOf } from "./logEntries.ts"
import type { EventHistory } from "./EventHistory.ts"
import { positionBefore, readLog, type LogPage, type LogPosition } from "../api/readLog.ts"

const pageSize = 1_000
/** Addresses of pictures and clips lapse after half an hour at the earliest. */
const urlRefreshMs = 20 * 60_000

/**
 * Reads the log behind the page: further back when asked, and what is kept already once more before its addresses
 * lapse. What it returns reads one page back and answers whether there may be more.
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
  // A page that the broadcaster does not answer now has a veil over it; the next turn tries again.
  const timer = setInterval(() => void refreshMediaUrls().catch(() => undefined), urlRefreshMs)
  onCleanup(() => clearInterval(timer))

  /** What lies after it has been read back. */
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
