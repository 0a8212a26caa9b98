import type { ReceivedEvent } from "@blink-streams/client"
import type { RecordedEvent } from "@blink-streams/model"
import { callApi, isObject } from "./http.ts"

export type LogPosition = Pick<RecordedEvent, "epoch" | "seq">

/** Enough to know that this is an answer of the protocol; what is in an event is the broadcaster's word. */
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
  // 410: the log no longer keeps that place.
  if (status === 410) return null
  throw new Error(`${status} for ${path}`)
}

/** The place `count` before this one, or the beginning. */
export const positionBefore = ({ epoch, seq }: LogPosition, count: number): LogPosition => {
  const earlier = Math.max(0, seq - count)
  return { epoch, seq: isSeq(earlier) ? earlier : seq }
}

/** Where the log ends now; `null` when the broadcaster can't say. */
export const fetchLogEnd = async (): Promise<LogPosition | null> => {
  try {
    const snapshot = await getJson("v1/state")
    return isLogPosition(snapshot) ? { epoch: snapshot.epoch, seq: snapshot.seq } : null
  } catch {
    return null
  }
}

export interface LogPage {
  /** Their addresses of pictures and clips are fresh. */
  readonly events: ReadonlyArray<ReceivedEvent>
  /** Where the next page begins; `null` at the end. */
  readonly next: LogPosition | null
  /** `false` when the log no longer has that place. */
  readonly retained: boolean
}

/** Up to `limit` events after a place, 1,000 at most. Rejects when the broadcaster can't be asked. */
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
