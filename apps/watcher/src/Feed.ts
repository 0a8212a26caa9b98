import type { Cursor, ReceivedEvent } from "@blink-streams/client"
import type { HomeEvent } from "@blink-streams/model"
import { type Description, describeEvent } from "./describeEvent.ts"

/** One line of the feed. A burst is one line that counts; a gap is a line of its own. */
export interface FeedRow extends Description {
  /** Unique and stable while the row is shown. */
  readonly key: string
  /** Where in the broadcaster's log; `null` for a gap. */
  readonly place: Cursor | null
  readonly event: HomeEvent | null
  readonly occurredAt: string
  /** From happening to being seen, in milliseconds. */
  readonly lag: number
  readonly count: number
  readonly replayed: boolean
  readonly acknowledged: boolean
}

export interface Feed {
  /** Oldest first, newest last. */
  readonly rows: ReadonlyArray<FeedRow>
  /** Events since the feed was paused; `null` when it runs. */
  readonly paused: { readonly missed: ReadonlyArray<FeedRow> } | null
  readonly total: number
}

/** Enough to scroll back through a lively day; older ones are in the broadcaster's log. */
const capacity = 1_000
/** Same camera, same kind, this close: one burst. */
const burstMillis = 60_000

export const emptyFeed: Feed = { rows: [], paused: null, total: 0 }

/** An event for the feed. What happened before the screen was opened is `seen`: history is nothing new. */
export type FedEvent = ReceivedEvent & { readonly seen?: boolean }

const toRow = ({ event, epoch, seq, replayed, seen = false }: FedEvent): FeedRow => ({
  ...describeEvent(event),
  key: event.id,
  place: { epoch, seq },
  event,
  occurredAt: event.occurredAt,
  lag: Date.parse(event.observedAt) - Date.parse(event.occurredAt),
  count: 1,
  replayed,
  acknowledged: seen,
})

/** Alarms and notices of one kind and subject that follow each other closely are one burst. */
const joins = (last: FeedRow, next: FeedRow): boolean =>
  last.event !== null &&
  next.event !== null &&
  last.event.kind === next.event.kind &&
  last.event.kind !== "arm.changed" &&
  last.who === next.who &&
  last.replayed === next.replayed &&
  last.acknowledged === next.acknowledged &&
  Date.parse(next.occurredAt) - Date.parse(last.occurredAt) < burstMillis

/** Which command a row tells the progress of; `null` for everything else. */
const commandOf = ({ event }: FeedRow): string | null =>
  event?.kind === "command.progress" ? `${event.subject.account}:${event.data.commandId}` : null

const put = (rows: ReadonlyArray<FeedRow>, added: ReadonlyArray<FeedRow>): ReadonlyArray<FeedRow> => {
  const next = rows.slice()
  for (const row of added) {
    const last = next.at(-1)
    const command = commandOf(row)
    // A command is one row, which tells how far it has come.
    const before = command === null ? -1 : next.findLastIndex((each) => commandOf(each) === command)
    const begun = next[before]
    if (begun) next[before] = { ...row, key: begun.key }
    else if (last && joins(last, row))
      next[next.length - 1] = { ...row, key: last.key, count: last.count + row.count }
    else next.push(row)
  }
  return next.length > capacity ? next.slice(-capacity) : next
}

const add = (feed: Feed, added: ReadonlyArray<FeedRow>, events: number): Feed =>
  feed.paused
    ? { ...feed, total: feed.total + events, paused: { missed: put(feed.paused.missed, added) } }
    : { ...feed, total: feed.total + events, rows: put(feed.rows, added) }

export const addEvents = (feed: Feed, events: ReadonlyArray<FedEvent>): Feed =>
  add(feed, events.map(toRow), events.length)

/** Says in the feed itself that something is missing there. */
export const addGap = (
  feed: Feed,
  gap: { readonly from: number; readonly to: number; readonly reason: string },
  at: string,
): Feed =>
  add(
    feed,
    [
      {
        severity: "warning",
        glyph: "┄",
        who: "gap",
        what: `events ${gap.from + 1} to ${gap.to} are lost here (${gap.reason.replaceAll("_", " ")})`,
        key: `gap:${gap.from}:${gap.to}:${at}`,
        place: null,
        event: null,
        occurredAt: at,
        lag: 0,
        count: 1,
        replayed: false,
        acknowledged: false,
      },
    ],
    0,
  )

export const pauseFeed = (feed: Feed): Feed =>
  feed.paused
    ? { ...feed, paused: null, rows: put(feed.rows, feed.paused.missed) }
    : { ...feed, paused: { missed: [] } }

/** Marks one row as seen, or all of them with `null`. */
export const acknowledge = (feed: Feed, key: string | null): Feed => ({
  ...feed,
  rows: feed.rows.map((row) => (key === null || row.key === key ? { ...row, acknowledged: true } : row)),
})

/** How many events wait behind the pause. */
export const missedCount = (feed: Feed): number =>
  feed.paused?.missed.reduce((sum, { count }) => sum + count, 0) ?? 0

/** Rows that hold every word of `filter`, in any place and case. Gaps always show. */
export const filterRows = (rows: ReadonlyArray<FeedRow>, filter: string): ReadonlyArray<FeedRow> => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = `${row.who} ${row.what} ${row.event?.kind ?? ""} ${row.severity}`.toLowerCase()
    return row.event === null || words.every((word) => text.includes(word))
  })
}
