import type { ReceivedEvent } from "@blink-streams/client"
import type { RecordedEvent } from "@blink-streams/model"
import { call, isObject } from "../access.ts"

export type Place = Pick<RecordedEvent, "epoch" | "seq">

/** Enough to know that this is an answer of the protocol; what is in an event is the broadcaster's word. */
const isEvent = (value: unknown): value is ReceivedEvent =>
  isObject(value) &&
  typeof value["seq"] === "number" &&
  typeof value["epoch"] === "string" &&
  isObject(value["event"]) &&
  typeof value["event"]["id"] === "string"

const isPlace = (value: unknown): value is Place =>
  isObject(value) && typeof value["epoch"] === "string" && typeof value["seq"] === "number"

const isSeq = (value: number): value is Place["seq"] => Number.isInteger(value) && value >= 0

const ask = async (path: string): Promise<unknown> => {
  const { status, answer } = await call("GET", path)
  if (status === 200) return answer
  // 410: the log no longer keeps that place.
  if (status === 410) return null
  throw new Error(`${status} for ${path}`)
}

/** The place `count` before this one, or the beginning. */
export const before = ({ epoch, seq }: Place, count: number): Place => {
  const earlier = Math.max(0, seq - count)
  return { epoch, seq: isSeq(earlier) ? earlier : seq }
}

/** Where the log ends now; `null` when the broadcaster can't say. */
export const endOfLog = async (): Promise<Place | null> => {
  try {
    const cut = await ask("v1/state")
    return isPlace(cut) ? { epoch: cut.epoch, seq: cut.seq } : null
  } catch {
    return null
  }
}

export interface LogPage {
  /** Their addresses of pictures and clips are fresh. */
  readonly events: ReadonlyArray<ReceivedEvent>
  /** Where the next page begins; `null` at the end. */
  readonly next: Place | null
  /** `false` when the log no longer has that place. */
  readonly kept: boolean
}

/** Up to `limit` events after a place, 1,000 at most. Rejects when the broadcaster can't be asked. */
export const readLog = async (after: Place, limit: number): Promise<LogPage> => {
  const place = encodeURIComponent(`${after.epoch}:${after.seq}`)
  const answer = await ask(`v1/events?after=${place}&limit=${limit}`)
  if (!isObject(answer) || !Array.isArray(answer["events"])) return { events: [], next: null, kept: false }
  const next = typeof answer["next"] === "string" ? Number(answer["next"].split(":").at(-1)) : 0
  return {
    events: answer["events"].filter(isEvent),
    next: answer["more"] === true && isSeq(next) ? { epoch: after.epoch, seq: next } : null,
    kept: true,
  }
}
