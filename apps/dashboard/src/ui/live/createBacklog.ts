import type { Client } from "@blink-streams/client"
import { onCleanup } from "solid-js"
import { eventEntry, zoneOf, zonesOf } from "./entries.ts"
import type { History } from "./History.ts"
import { before, readLog, type LogPage, type Place } from "./readLog.ts"

const pageSize = 1_000
/** Addresses of pictures and clips lapse after half an hour at the earliest. */
const renewMs = 20 * 60_000

/**
 * Reads the log behind the page: further back when asked, and what is kept already once more before its addresses
 * lapse. What it returns reads one page back and answers whether there may be more.
 */
export const createBacklog = (client: Client, history: History): (() => Promise<boolean>) => {
  const oldest = (): Place | null => {
    const first = history.entries().find((entry) => entry.type === "event")
    return first === undefined ? null : before(first, 1)
  }

  const renewAddresses = async () => {
    let place = oldest()
    while (place !== null) {
      const page: LogPage = await readLog(place, pageSize)
      history.renew(page.events.map(({ event }) => event))
      place = page.next
    }
  }
  // A page that the broadcaster does not answer now has a veil over it; the next turn tries again.
  const timer = setInterval(() => void renewAddresses().catch(() => undefined), renewMs)
  onCleanup(() => clearInterval(timer))

  /** What lies after it has been read back. */
  let readBackTo: Place | null = null
  return async () => {
    const until = readBackTo ?? oldest()
    if (until === null || until.seq === 0) return false
    const after = before(until, pageSize)
    const { events, kept } = await readLog(after, pageSize)
    const zones = zonesOf(client.state)
    history.addEarlier(
      events.filter(({ seq }) => seq <= until.seq).map((each) => eventEntry(each, zoneOf(zones, each.event))),
    )
    readBackTo = after
    return kept && after.seq > 0
  }
}
