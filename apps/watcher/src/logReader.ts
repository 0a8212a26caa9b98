import type { Cursor, ReceivedEvent } from "@blink-streams/client"
import { httpUrl } from "./httpUrl.ts"

/** Where a broadcaster is, and the key to it. */
export interface Broadcaster {
  readonly url: string
  readonly token: string
}

const patience = 3_000

/** `null` when there is no such answer: the log is a help here, and nothing that the screen depends on. */
const ask = async ({ url, token }: Broadcaster, path: string): Promise<unknown> => {
  try {
    const answer = await fetch(httpUrl(url, path), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(patience),
    })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const isSeq = (value: unknown): value is Cursor["seq"] =>
  typeof value === "number" && Number.isInteger(value) && value >= 0

const isPlace = (value: unknown): value is Cursor =>
  isRecord(value) && typeof value["epoch"] === "string" && isSeq(value["seq"])

const earlier = ({ epoch, seq }: Cursor, count: number): Cursor => {
  const before = Math.max(0, seq - count)
  return { epoch, seq: isSeq(before) ? before : seq }
}

/** Enough to know that this is an answer of the protocol; what is in an event is the broadcaster's word. */
const isReceived = (value: unknown): value is ReceivedEvent =>
  isPlace(value) &&
  "event" in value &&
  isRecord(value.event) &&
  typeof value.event["kind"] === "string" &&
  isRecord(value.event["data"])

const eventsAfter = async (
  broadcaster: Broadcaster,
  { epoch, seq }: Cursor,
  limit: number,
): Promise<ReadonlyArray<unknown> | null> => {
  const page = await ask(
    broadcaster,
    `/v1/events?after=${encodeURIComponent(`${epoch}:${seq}`)}&limit=${limit}`,
  )
  return isRecord(page) && Array.isArray(page["events"]) ? page["events"] : null
}

/** A lively day; less when the log does not reach back so far. */
const depths = [500, 50, 5]

/**
 * The last things that happened before now: from `since` on, up to `end`. `null` when the broadcaster tells none, or
 * nothing has happened yet.
 */
export const recentPlaces = async (
  broadcaster: Broadcaster,
): Promise<{ readonly since: Cursor; readonly end: Cursor } | null> => {
  const cut = await ask(broadcaster, "/v1/state")
  if (!isPlace(cut) || cut.seq === 0) return null
  const end: Cursor = { epoch: cut.epoch, seq: cut.seq }
  for (const depth of depths) {
    const since = earlier(end, depth)
    // What is no longer kept would be told as a gap.
    if ((await eventsAfter(broadcaster, since, 1)) !== null) return { since, end }
  }
  return null
}

/** An event as the log has it now, with addresses that have just been signed. */
export const readEvent = async (
  broadcaster: Broadcaster,
  place: Cursor,
): Promise<ReceivedEvent["event"] | null> => {
  const [told] = (await eventsAfter(broadcaster, earlier(place, 1), 1)) ?? []
  return isReceived(told) && told.seq === place.seq ? told.event : null
}
