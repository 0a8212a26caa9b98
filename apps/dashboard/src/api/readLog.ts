import type { ReceivedEvent } from "@blink-streams/client"
import type { RecordedEvent } from "@blink-streams/model"
import { callApi, isObject } from "./http.ts"

export type LogPosition = Pick<RecordedEvent, "epoch" | "seq">

/** Checks the envelope only; the content of the event is trusted. */
const isReceivedEvent = (value: unknown): value is ReceivedEvent =>
  isObject(value) &&
  typeof value["seq"] === "number" &&
  typeof value["epoch"] === "string" &&
  isObject(value["event"]) &&
  typeof value["event"]["id"] === "string"

const isLogPosition = (value: unknown): value is LogPosition =>
  isObject(value) && typeof value["epoch"] === "string" && typeof value["seq"] === "number"

const isSeq = (value: number): value is LogPosition["seq"] => Number.isInteger(value) && value >= 0

const getJson = async (path: string): Promise<unknown> => {
  const { status, body } = await callApi("GET", path)
  if (status === 200) return body
  // 410: events after the requested position have been deleted.
  if (status === 410) return null
  throw new Error(`${status} for ${path}`)
}

/** The position `count` events earlier, at least the start of the log. */
export const positionBefore = ({ epoch, seq }: LogPosition, count: number): LogPosition => {
  const earlier = Math.max(0, seq - count)
  return { epoch, seq: isSeq(earlier) ? earlier : seq }
}

/** Position of the newest event; `null` when the request fails. */
export const fetchLogEnd = async (): Promise<LogPosition | null> => {
  try {
    const snapshot = await getJson("v1/state")
    return isLogPosition(snapshot) ? { epoch: snapshot.epoch, seq: snapshot.seq } : null
  } catch {
    return null
  }
}

export interface LogPage {
  /** Oldest first. Their media URLs are newly signed. */
  readonly events: ReadonlyArray<ReceivedEvent>
  /** Start of the next page; `null` on the last one. */
  readonly next: LogPosition | null
  /** `false` when events after the requested position have been deleted. */
  readonly retained: boolean
}

/** Reads up to `limit` events after a position; the server allows 1,000. Rejects when the request fails. */
export const readLog = async (after: LogPosition, limit: number): Promise<LogPage> => {
  const cursor = encodeURIComponent(`${after.epoch}:${after.seq}`)
  const page = await getJson(`v1/events?after=${cursor}&limit=${limit}`)
  if (!isObject(page) || !Array.isArray(page["events"])) return { events: [], next: null, retained: false }
  const next = typeof page["next"] === "string" ? Number(page["next"].split(":").at(-1)) : 0
  return {
    events: page["events"].filter(isReceivedEvent),
    next: page["more"] === true && isSeq(next) ? { epoch: after.epoch, seq: next } : null,
    retained: true,
  }
}
