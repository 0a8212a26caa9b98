import type { Cursor, ReceivedEvent } from "@blink-streams/client"
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

const isSeq = (value: unknown): value is Cursor["seq"] =>
  typeof value === "number" && Number.isInteger(value) && value >= 0

const isCursor = (value: unknown): value is Cursor =>
  isRecord(value) && typeof value["epoch"] === "string" && isSeq(value["seq"])

const cursorBefore = ({ epoch, seq }: Cursor, count: number): Cursor => {
  const previousSeq = Math.max(0, seq - count)
  return { epoch, seq: isSeq(previousSeq) ? previousSeq : seq }
}

/** Checks the envelope and the outline of the event only; the broadcaster has validated the rest. */
const isReceivedEvent = (value: unknown): value is ReceivedEvent =>
  isCursor(value) &&
  "event" in value &&
  isRecord(value.event) &&
  typeof value.event["kind"] === "string" &&
  isRecord(value.event["data"])

const eventsAfter = async (
  broadcaster: Broadcaster,
  { epoch, seq }: Cursor,
  limit: number,
): Promise<ReadonlyArray<unknown> | null> => {
  const body = await getJson(
    broadcaster,
    `/v1/events?after=${encodeURIComponent(`${epoch}:${seq}`)}&limit=${limit}`,
  )
  return isRecord(body) && Array.isArray(body["events"]) ? body["events"] : null
}

/** Numbers of events to try, largest first: about one busy day, less when the log is shorter. */
const historySizes = [500, 50, 5]

/**
 * Range of the newest events in the log, at most 500: after `since`, up to and including `end`. `null` when the log is
 * empty or cannot be read.
 */
export const recentRange = async (
  broadcaster: Broadcaster,
): Promise<{ readonly since: Cursor; readonly end: Cursor } | null> => {
  const snapshot = await getJson(broadcaster, "/v1/state")
  if (!isCursor(snapshot) || snapshot.seq === 0) return null
  const end: Cursor = { epoch: snapshot.epoch, seq: snapshot.seq }
  for (const historySize of historySizes) {
    const since = cursorBefore(end, historySize)
    // Events that are no longer kept would arrive as a gap.
    if ((await eventsAfter(broadcaster, since, 1)) !== null) return { since, end }
  }
  return null
}

/** Reads one event again, with freshly signed URLs. `null` when it is no longer kept. */
export const readEvent = async (
  broadcaster: Broadcaster,
  cursor: Cursor,
): Promise<ReceivedEvent["event"] | null> => {
  const [received] = (await eventsAfter(broadcaster, cursorBefore(cursor, 1), 1)) ?? []
  return isReceivedEvent(received) && received.seq === cursor.seq ? received.event : null
}
