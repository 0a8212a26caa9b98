import type { ReceivedEvent } from "@blink-streams/client"
import type { BlinkEvent } from "@blink-streams/model"
import { type EventLabel, eventLabel } from "../format/eventLabel.ts"

/** One line of the event feed: an event, a burst of similar events, or a gap. */
export interface FeedRow extends EventLabel {
  /** Unique and stable while the row is shown. */
  readonly key: string
  /** Cursor in the broadcaster's event log; `null` for a gap. */
  readonly cursor: string | null
  readonly event: BlinkEvent | null
  readonly occurredAt: string
  /** Milliseconds from `occurredAt` to `observedAt`; 0 for a backfilled event. */
  readonly lag: number
  /** Number of events in the burst; 1 for a single event. */
  readonly count: number
  readonly replayed: boolean
  readonly acknowledged: boolean
}

export interface Feed {
  /** Oldest first, newest last. */
  readonly rows: ReadonlyArray<FeedRow>
  /** Rows received since the feed was paused; `null` while it runs. */
  readonly paused: { readonly buffered: ReadonlyArray<FeedRow> } | null
  /** Number of events received, also those that are no longer kept. */
  readonly total: number
}

/** Covers about one busy day; older events are in the broadcaster's event log. */
const maxRows = 1_000
/** Events of one camera and kind less than this apart are one burst. */
const burstMillis = 60_000

export const emptyFeed: Feed = { rows: [], paused: null, total: 0 }

/** An event for the feed. `seen` marks events from before the screen was opened; their rows start acknowledged. */
export type FeedEvent = ReceivedEvent & { readonly seen?: boolean }

const isBackfilled = ({ event }: FeedRow): boolean => event?.backfilled === true

const toRow = ({ seen = false, ...event }: FeedEvent): FeedRow => ({
  ...eventLabel(event),
  key: event.id,
  cursor: event.cursor,
  event,
  occurredAt: event.occurredAt,
  lag: event.backfilled === true ? 0 : Date.parse(event.observedAt) - Date.parse(event.occurredAt),
  count: 1,
  replayed: event.replayed || event.backfilled === true,
  acknowledged: seen || event.backfilled === true,
})

/** True when `next` continues the burst of `last`: same kind, subject and acknowledgement, less than `burstMillis` later. */
const isSameBurst = (last: FeedRow, next: FeedRow): boolean =>
  last.event !== null &&
  next.event !== null &&
  last.event.kind === next.event.kind &&
  last.event.kind !== "arm.changed" &&
  last.subjectName === next.subjectName &&
  last.replayed === next.replayed &&
  last.acknowledged === next.acknowledged &&
  Date.parse(next.occurredAt) - Date.parse(last.occurredAt) < burstMillis

/** Key of the command that a `command.progress` row belongs to; `null` for other rows. */
const commandKey = ({ event }: FeedRow): string | null =>
  event?.kind === "command.progress" ? `${event.subject.account}:${event.data.commandId}` : null

const mergeRows = (rows: ReadonlyArray<FeedRow>, added: ReadonlyArray<FeedRow>): ReadonlyArray<FeedRow> => {
  const next = rows.slice()
  for (const row of added) {
    // History is not at the end of the log for an account that was added later.
    const index = isBackfilled(row)
      ? next.findLastIndex(({ occurredAt }) => occurredAt <= row.occurredAt) + 1
      : next.length
    const last = next[index - 1]
    const command = commandKey(row)
    // A command keeps one row, which shows its latest status.
    const existingIndex = command === null ? -1 : next.findLastIndex((each) => commandKey(each) === command)
    const existing = next[existingIndex]
    if (existing) next[existingIndex] = { ...row, key: existing.key }
    else if (last && isSameBurst(last, row))
      next[index - 1] = { ...row, key: last.key, count: last.count + row.count }
    else next.splice(index, 0, row)
  }
  return next.length > maxRows ? next.slice(-maxRows) : next
}

const appendRows = (feed: Feed, added: ReadonlyArray<FeedRow>, events: number): Feed =>
  feed.paused
    ? { ...feed, total: feed.total + events, paused: { buffered: mergeRows(feed.paused.buffered, added) } }
    : { ...feed, total: feed.total + events, rows: mergeRows(feed.rows, added) }

export const addEvents = (feed: Feed, events: ReadonlyArray<FeedEvent>): Feed =>
  appendRows(feed, events.map(toRow), events.length)

/** Adds a row that shows where events are missing. */
export const addGap = (
  feed: Feed,
  gap: { readonly cursor: string; readonly reason: string },
  at: string,
): Feed =>
  appendRows(
    feed,
    [
      {
        severity: "warning",
        resolved: false,
        glyph: "┄",
        subjectName: "gap",
        text: `Events are missing (${gap.reason.replaceAll("_", " ")})`,
        key: `gap:${gap.cursor}:${at}`,
        cursor: null,
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

export const toggleFeedPaused = (feed: Feed): Feed =>
  feed.paused
    ? { ...feed, paused: null, rows: mergeRows(feed.rows, feed.paused.buffered) }
    : { ...feed, paused: { buffered: [] } }

/** Acknowledges the row with `key`, or all rows with `null`. */
export const acknowledge = (feed: Feed, key: string | null): Feed => ({
  ...feed,
  rows: feed.rows.map((row) => (key === null || row.key === key ? { ...row, acknowledged: true } : row)),
})

/** Number of events received while the feed is paused. */
export const bufferedCount = (feed: Feed): number =>
  feed.paused?.buffered.reduce((sum, { count }) => sum + count, 0) ?? 0

/** Rows that contain every word of `filter`, case-insensitive and in any order. Gaps are always included. */
export const filterRows = (rows: ReadonlyArray<FeedRow>, filter: string): ReadonlyArray<FeedRow> => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = `${row.subjectName} ${row.text} ${row.event?.kind ?? ""} ${row.severity}`.toLowerCase()
    return row.event === null || words.every((word) => text.includes(word))
  })
}
