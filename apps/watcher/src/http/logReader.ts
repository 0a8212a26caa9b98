import type { Cursor, ReceivedEvent } from "@blink-streams/client"
import { httpUrl } from "./httpUrl.ts"

/** Where a broadcaster is, and the key to it. */
export interface Broadcaster {
  readonly url: string
  readonly token: string
}

const timeoutMillis = 3_000

/** `null` when there is no such answer: the log is a help here, and nothing that the screen depends on. */
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

/** Enough to know that this is an answer of the protocol; what is in an event is the broadcaster's word. */
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

/** A lively day; less when the log does not reach back so far. */
const historySizes = [500, 50, 5]

/**
 * The last things that happened before now: from `since` on, up to `end`. `null` when the broadcaster tells none, or
 * nothing has happened yet.
 */
export const recentRange = async (
  broadcaster: Broadcaster,
): Promise<{ readonly since: Cursor; readonly end: Cursor } | null> => {
  const snapshot = await getJson(broadcaster, "/v1/state")
  if (!isCursor(snapshot) || snapshot.seq === 0) return null
  const end: Cursor = { epoch: snapshot.epoch, seq: snapshot.seq }
  for (const historySize of historySizes) {
    const since = cursorBefore(end, historySize)
    // What is no longer kept would be told as a gap.
    if ((await eventsAfter(broadcaster, since, 1)) !== null) return { since, end }
  }
  return null
}

/** An event as the log has it now, with addresses that have just been signed. */
export const readEvent = async (
  broadcaster: Broadcaster,
  cursor: Cursor,
): Promise<ReceivedEvent["event"] | null> => {
  const [received] = (await eventsAfter(broadcaster, cursorBefore(cursor, 1), 1)) ?? []
  return isReceivedEvent(received) && received.seq === cursor.seq ? received.event : null
}
