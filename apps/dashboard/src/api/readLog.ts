import type { ReceivedEvent } from "@blink-streams/client"
import { callApi, errorMessage, isObject } from "./http.ts"

/** Events per page: the most that the broadcaster returns. */
export const pageSize = 1_000

interface ListedEvent {
  readonly cursor: ReceivedEvent["cursor"]
  readonly event: ReceivedEvent
}

/** Checks the envelope only; the content of the event is trusted. */
const isListedEvent = (value: unknown): value is ListedEvent =>
  isObject(value) &&
  typeof value["cursor"] === "string" &&
  isObject(value["event"]) &&
  typeof value["event"]["id"] === "string"

export interface LogPage {
  /** Oldest first. Their media URLs are newly signed. */
  readonly events: ReadonlyArray<ReceivedEvent>
  /** Cursor before the page. */
  readonly previous: string
  /** True when the log has earlier events. */
  readonly more: boolean
}

/**
 * Reads the last events up to the cursor `until`, by default the newest, at most 1,000. Resolves to `null` when the log of
 * the cursor no longer exists. Rejects when the request fails.
 */
export const readLog = async (until: string | null): Promise<LogPage | null> => {
  const range = until === null ? "" : `&until=${encodeURIComponent(until)}`
  const { status, body } = await callApi("GET", `v1/events?limit=${pageSize}${range}`)
  if (status === 410) return null
  if (!isObject(body) || !Array.isArray(body["events"]) || typeof body["previous"] !== "string")
    throw new Error(errorMessage(status, body))
  return {
    events: Array.from(body["events"].filter(isListedEvent), ({ event, cursor }) => ({
      ...event,
      cursor,
      replayed: true,
    })),
    previous: body["previous"],
    more: body["more"] === true,
  }
}
