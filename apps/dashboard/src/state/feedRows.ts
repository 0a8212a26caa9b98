import type { LogEntry, EventEntry } from "./logEntries.ts"

/** Consecutive events of one kind and camera, shown as one row: `Front ×4`. */
export interface Burst {
  readonly key: string
  /** Newest first; at least one. */
  readonly entries: ReadonlyArray<EventEntry>
}

export type Row = Burst | Extract<LogEntry, { readonly type: "gap" }>

const belongTogether = (newer: EventEntry, older: EventEntry, windowMs: number) =>
  newer.camera !== null &&
  newer.camera === older.camera &&
  newer.event.kind === older.event.kind &&
  newer.day === older.day &&
  newer.replayed === older.replayed &&
  Math.abs(newer.at - older.at) <= windowMs

/**
 * Groups `entries`, newest first, into at most `limit` rows. The key of a burst is its oldest event, so it stays the same
 * while the burst grows. An unchanged row is returned as the same object of `previous`, so that it is not rendered again.
 */
export const groupRows = (
  entries: Iterable<LogEntry>,
  limit: number,
  windowMs: number,
  previous: ReadonlyMap<string, Row>,
): ReadonlyArray<Row> => {
  const rows: Array<Row> = []
  let current: Array<EventEntry> = []
  const closeBurst = () => {
    const oldest = current.at(-1)
    if (oldest === undefined) return
    const known = previous.get(oldest.key)
    const same = known !== undefined && "entries" in known && known.entries.length === current.length
    rows.push(same ? known : { key: oldest.key, entries: current })
    current = []
  }
  for (const entry of entries) {
    const last = current.at(-1)
    if (entry.type === "event" && last !== undefined && belongTogether(last, entry, windowMs)) {
      current.push(entry)
      continue
    }
    closeBurst()
    if (rows.length >= limit) return rows
    if (entry.type === "gap") rows.push(entry)
    else current = [entry]
  }
  closeBurst()
  return rows
}

const dayOfRow = (row: Row) => ("entries" in row ? row.entries[0]!.day : row.day)
const isReplayed = (row: Row) => "entries" in row && row.entries[0]!.replayed

/** Headings above `row`: the day where a new one begins, and a divider between replayed and live rows. */
export const rowHeadings = (
  row: Row,
  above: Row | undefined,
): { readonly day: string | null; readonly divider: "log" | "live" | null } => {
  const wasReplayed = above !== undefined && isReplayed(above)
  return {
    day: above === undefined || dayOfRow(above) !== dayOfRow(row) ? dayOfRow(row) : null,
    divider: isReplayed(row) === wasReplayed || !("entries" in row) ? null : wasReplayed ? "live" : "log",
  }
}
