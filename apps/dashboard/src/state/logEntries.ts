import type { ReceivedEvent } from "@blink-streams/client"
import type { BlinkEvent, BlinkState } from "@blink-streams/model"
import { localDay } from "../format/dateTime.ts"
import { cameraViewKey } from "./accountViews.ts"

/** An event with derived values that the page needs repeatedly, computed once on arrival. */
export interface EventEntry {
  readonly type: "event"
  readonly key: string
  readonly event: BlinkEvent
  /** True for an event that did not occur while this page was open. */
  readonly replayed: boolean
  /** Key of the camera; `null` when the event is not about one. */
  readonly camera: string | null
  /** `occurredAt` in milliseconds. */
  readonly at: number
  /** Delay from `occurredAt` to `observedAt`; 0 for a backfilled event. */
  readonly lagMs: number
  /** Local day (`2026-03-14`) and minute of the day in the system's time zone. */
  readonly day: string
  readonly minute: number
  readonly timeZone: string | null
}

/** A range of the log that this page could not receive. */
export interface GapEntry {
  readonly type: "gap"
  readonly key: string
  readonly reason: string
  readonly at: number
  readonly day: string
  readonly timeZone: string | null
}

export type LogEntry = EventEntry | GapEntry

/** Time zones of all systems. */
export interface TimeZones {
  readonly byNetwork: ReadonlyMap<number, string | null>
  /** For events without a network: the time zone of the account's first network. */
  readonly byAccount: ReadonlyMap<number, string | null>
}

export const timeZonesOf = (state: BlinkState | null): TimeZones => ({
  byNetwork: new Map(
    state?.accounts.flatMap(({ networks }) => networks.map(({ id, timeZone }) => [id, timeZone] as const)),
  ),
  byAccount: new Map(
    state?.accounts.map(({ account, networks }) => [account, networks[0]?.timeZone ?? null] as const),
  ),
})

export const timeZoneOf = ({ byNetwork, byAccount }: TimeZones, { subject }: BlinkEvent): string | null =>
  byNetwork.get(subject.network ?? 0) ?? byAccount.get(subject.account) ?? null

export const eventEntry = (event: ReceivedEvent, timeZone: string | null): EventEntry => {
  const { account, camera, kind } = event.subject
  const at = Date.parse(event.occurredAt)
  return {
    type: "event",
    key: event.id,
    event,
    replayed: event.replayed || event.backfilled === true,
    camera: camera === undefined || kind === undefined ? null : cameraViewKey(account, { kind, id: camera }),
    at,
    lagMs: event.backfilled === true ? 0 : Date.parse(event.observedAt) - at,
    ...localDay(at, timeZone),
    timeZone,
  }
}

export const gapEntry = (
  gap: { readonly from: string; readonly to: string; readonly reason: string },
  at: number,
  timeZone: string | null,
): GapEntry => ({
  type: "gap",
  key: `gap:${gap.from}:${gap.to}:${at}`,
  reason: gap.reason,
  at,
  day: localDay(at, timeZone).day,
  timeZone,
})
