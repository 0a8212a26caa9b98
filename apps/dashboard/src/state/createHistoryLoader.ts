import { type Client, RequestError } from "@blink-streams/client"
import { onCleanup } from "solid-js"
import { broadcaster } from "../api/broadcaster.ts"
import type { EventHistory } from "./EventHistory.ts"
import { eventEntry, timeZoneOf, timeZonesOf } from "./logEntries.ts"

/** Events per page: the most that the broadcaster returns. */
const pageSize = 1_000
/** Number of past events that a new page requests, enough for a few days of a typical account. */
const initialEventCount = 2_000
/** Media URLs are valid for at least 30 minutes. */
const urlRefreshMs = 20 * 60_000

/**
 * Reads the last events up to the cursor `until`, by default the newest, at most 1,000. Resolves to `null` when the log of
 * the cursor no longer exists.
 */
const readLog = (until: string | null) =>
  broadcaster
    .events({ limit: pageSize, backfilled: true, ...(until === null ? {} : { until }) })
    .catch((error: unknown) => {
      if (error instanceof RequestError && error.code === "cursor_expired") return null
      throw error
    })

/** Resolves to the cursor of the first snapshot: the client receives the events after it. */
const firstCursor = (client: Client): Promise<string | null> =>
  new Promise((resolve) => {
    if (client.state !== null) return resolve(client.cursor)
    const unsubscribe = client.subscribe(({ type }) => {
      if (type !== "state") return
      unsubscribe()
      resolve(client.cursor)
    })
    onCleanup(unsubscribe)
  })

/**
 * Adds the 2,000 newest events of the log to `history`. Returns a function that adds up to 1,000 older ones and resolves to
 * `false` when the log has no more. Also reads the kept events again every 20 minutes, because their media URLs expire.
 */
export const createHistoryLoader = (client: Client, history: EventHistory): (() => Promise<boolean>) => {
  const refreshMediaUrls = async () => {
    const outdated = new Set(history.entries().flatMap(({ type, key }) => (type === "event" ? [key] : [])))
    let until: string | null = null
    for (;;) {
      const page = await readLog(until)
      if (page === null) return
      history.refreshUrls(page.events)
      for (const { id } of page.events) outdated.delete(id)
      if (!page.more || outdated.size === 0) return
      until = page.previous
    }
  }
  // A failure is ignored: the page already shows that it is disconnected, and the next interval retries.
  const timer = setInterval(() => void refreshMediaUrls().catch(() => undefined), urlRefreshMs)
  onCleanup(() => clearInterval(timer))

  /** Everything after this cursor has been loaded. */
  let loadedFrom: string | null = null
  const loadPage = async (): Promise<boolean> => {
    const page = await readLog(loadedFrom)
    if (page === null) return false
    const timeZones = timeZonesOf(client.state)
    history.addEarlier(page.events.map((event) => eventEntry(event, timeZoneOf(timeZones, event))))
    loadedFrom = page.previous
    return page.more
  }
  const loadInitial = async (cursor: string | null): Promise<boolean> => {
    loadedFrom = cursor
    let more = true
    for (let loaded = 0; more && loaded < initialEventCount; loaded += pageSize) more = await loadPage()
    return more
  }
  // One page at a time: the next one begins where the one before ends.
  let loading = firstCursor(client).then(loadInitial)
  // A failure is ignored: the user can load older events.
  loading.catch(() => undefined)
  return () => {
    loading = loading.then(loadPage, loadPage)
    return loading
  }
}
