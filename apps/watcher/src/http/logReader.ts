import type { BlinkEvent } from "@blink-streams/model"
import { httpUrl } from "./httpUrl.ts"

/** Websocket URL of a broadcaster and a token for it. */
export interface Broadcaster {
  readonly url: string
  readonly token: string
}

const timeoutMillis = 3_000

/** Decoded JSON body; `null` on any failure, since the screen also works without the event log. */
const getJson = async ({ url, token }: Broadcaster, path: string): Promise<unknown> => {
  try {
    const response = await fetch(httpUrl(url, path), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMillis),
    })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

interface ListedEvent {
  readonly cursor: string
  readonly event: BlinkEvent
}

/** Checks the envelope and the outline of the event only; the broadcaster has validated the rest. */
const isListedEvent = (value: unknown): value is ListedEvent =>
  isRecord(value) &&
  typeof value["cursor"] === "string" &&
  isRecord(value["event"]) &&
  typeof value["event"]["kind"] === "string" &&
  isRecord(value["event"]["data"])

/** Requests one page of the event log; `null` when it cannot be read. */
const getPage = async (
  broadcaster: Broadcaster,
  query: string,
): Promise<{ readonly events: ReadonlyArray<ListedEvent>; readonly previous: string } | null> => {
  const body = await getJson(broadcaster, `/v1/events?${query}`)
  return isRecord(body) && Array.isArray(body["events"]) && typeof body["previous"] === "string"
    ? { events: body["events"].filter(isListedEvent), previous: body["previous"] }
    : null
}

/** Number of events to show from before the start: about one busy day. */
const historySize = 500

/** The newest events in the log: their cursors, and the cursor before them. */
export interface RecentEvents {
  readonly since: string
  readonly cursors: ReadonlySet<string>
}

/** Finds the newest events in the log, at most 500. `null` when the log cannot be read. */
export const recentEvents = async (broadcaster: Broadcaster): Promise<RecentEvents | null> => {
  const page = await getPage(broadcaster, `limit=${historySize}`)
  return page === null
    ? null
    : { since: page.previous, cursors: new Set(page.events.map(({ cursor }) => cursor)) }
}

/** Reads one event again, with newly signed URLs. `null` when it is no longer kept. */
export const readEvent = async (broadcaster: Broadcaster, cursor: string): Promise<BlinkEvent | null> => {
  const page = await getPage(broadcaster, `until=${encodeURIComponent(cursor)}&limit=1`)
  return page?.events.find((listed) => listed.cursor === cursor)?.event ?? null
}
