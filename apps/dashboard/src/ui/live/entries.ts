import type { ReceivedEvent } from "@blink-streams/client"
import type { HomeEvent, HomeState, RecordedEvent } from "@blink-streams/model"
import { dayOf } from "../words/when.ts"
import { keyOf } from "./homeView.ts"

/** An event with what the page needs to place it, worked out once on arrival. */
export interface EventEntry {
  readonly type: "event"
  readonly key: string
  readonly epoch: RecordedEvent["epoch"]
  readonly seq: RecordedEvent["seq"]
  readonly event: HomeEvent
  readonly replayed: boolean
  /** `null` when the event is not about a camera. */
  readonly camera: string | null
  readonly at: number
  readonly lagMs: number
  /** Day and minute in the home's time zone. */
  readonly day: string
  readonly minute: number
  readonly zone: string | null
}

/** Places of the log that are lost to this page. It stands where the reader met it. */
export interface GapEntry {
  readonly type: "gap"
  readonly key: string
  readonly seq: number
  readonly reason: string
  readonly missing: number
  readonly at: number
  readonly day: string
  readonly zone: string | null
}

export type Entry = EventEntry | GapEntry

/** The time zones of a home by network, to place its events by. */
export interface Zones {
  readonly byNetwork: ReadonlyMap<number, string | null>
  /** For what is about an account as a whole: that of its first network. */
  readonly byAccount: ReadonlyMap<number, string | null>
}

export const zonesOf = (state: HomeState | null): Zones => ({
  byNetwork: new Map(
    state?.accounts.flatMap(({ networks }) => networks.map(({ id, timeZone }) => [id, timeZone] as const)),
  ),
  byAccount: new Map(
    state?.accounts.map(({ account, networks }) => [account, networks[0]?.timeZone ?? null] as const),
  ),
})

export const zoneOf = ({ byNetwork, byAccount }: Zones, { subject }: HomeEvent): string | null =>
  byNetwork.get(subject.network ?? 0) ?? byAccount.get(subject.account) ?? null

export const eventEntry = (
  { epoch, seq, event, replayed }: ReceivedEvent,
  zone: string | null,
): EventEntry => {
  const { account, camera, kind } = event.subject
  const at = Date.parse(event.occurredAt)
  return {
    type: "event",
    key: event.id,
    epoch,
    seq,
    event,
    replayed,
    camera: camera === undefined || kind === undefined ? null : keyOf(account, { kind, id: camera }),
    at,
    lagMs: Date.parse(event.observedAt) - at,
    ...dayOf(at, zone),
    zone,
  }
}

export const gapEntry = (
  gap: { readonly from: number; readonly to: number; readonly reason: string },
  at: number,
  zone: string | null,
): GapEntry => ({
  type: "gap",
  key: `gap:${gap.from}:${gap.to}:${at}`,
  seq: gap.to,
  reason: gap.reason,
  missing: Math.max(0, gap.to - gap.from),
  at,
  day: dayOf(at, zone).day,
  zone,
})
