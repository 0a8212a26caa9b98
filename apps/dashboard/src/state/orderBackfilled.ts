import type { EventEntry, LogEntry } from "./logEntries.ts"

export const isBackfilled = (entry: LogEntry): entry is EventEntry =>
  entry.type === "event" && entry.event.backfilled === true

/**
 * Moves backfilled events before the first entry that occurred later: the log has them in the order in which accounts were
 * added. All other entries keep their order.
 */
export const orderBackfilled = (entries: ReadonlyArray<LogEntry>): ReadonlyArray<LogEntry> => {
  const backfilled = entries.filter(isBackfilled).sort((a, b) => a.at - b.at)
  const ordered: Array<LogEntry> = []
  let next = 0
  for (const entry of entries) {
    if (isBackfilled(entry)) continue
    for (let past = backfilled[next]; past !== undefined && past.at < entry.at; past = backfilled[++next])
      ordered.push(past)
    ordered.push(entry)
  }
  return [...ordered, ...backfilled.slice(next)]
}
