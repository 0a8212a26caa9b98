import { createMemo, createSignal, For, Show } from "solid-js"
import { groupRows, rowHeadings, type Row } from "../../state/feedRows.ts"
import type { LogEntry } from "../../state/logEntries.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { eventGroupOf } from "../../format/eventGroup.ts"
import { formatDay, localDay } from "../../format/dateTime.ts"
import { coarseNow } from "../../state/signals/now.ts"
import { FeedRow, LogDivider } from "./FeedRow.tsx"
import { Icon } from "../shell/Icon.tsx"

const maxRows = 40
const burstWindowMs = 5 * 60_000

/** The feed omits clips and pictures (their motion is listed) and successful commands (their result is listed). */
const isFeedEntry = (entry: LogEntry): boolean => {
  if (entry.type === "gap") return true
  const { event } = entry
  if (event.kind === "command.progress") return event.data.status === "failed"
  if (event.kind === "signal.changed") return false
  return eventGroupOf(event.kind) !== "clips"
}

function* newestFirst(entries: ReadonlyArray<LogEntry>): Generator<LogEntry> {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index]!
    if (isFeedEntry(entry)) yield entry
  }
}

const rowTimeZone = (row: Row) => ("entries" in row ? row.entries[0]!.timeZone : row.timeZone)

/** Latest events, newest first, in the order of the log. While paused, the rows stay and new events are counted. */
export const Feed = () => {
  const { history } = useAppState()
  const [pausedEntries, setPausedEntries] = createSignal<ReadonlyArray<LogEntry> | null>(null)
  const source = () => pausedEntries() ?? history.entries()
  const rows = createMemo<{ readonly list: ReadonlyArray<Row>; readonly byKey: ReadonlyMap<string, Row> }>(
    (previous) => {
      const list = groupRows(newestFirst(source()), maxRows, burstWindowMs, previous.byKey)
      return { list, byKey: new Map(list.map((row) => [row.key, row])) }
    },
    { list: [], byKey: new Map() },
  )
  const newCount = createMemo(() => {
    const paused = pausedEntries()
    if (paused === null) return 0
    const entries = history.entries()
    const last = paused.at(-1)
    return entries.slice(last === undefined ? 0 : entries.lastIndexOf(last) + 1).filter(isFeedEntry).length
  })
  return (
    <section class="feed" aria-label="Feed">
      <div class="feed-head">
        <h2>Feed</h2>
        <Show when={newCount() > 0}>
          <span class="new-count">{newCount()} new</span>
        </Show>
        <button
          type="button"
          class="icon-button"
          aria-pressed={pausedEntries() !== null}
          aria-label={pausedEntries() === null ? "Pause the feed" : "Resume the feed"}
          onClick={() => setPausedEntries(pausedEntries() === null ? history.entries() : null)}
        >
          <Icon name={pausedEntries() === null ? "pause" : "play"} />
        </button>
      </div>
      <ol class="rows" aria-label="Latest events">
        <For each={rows().list}>
          {(row, index) => (
            <>
              <Show when={rowHeadings(row, rows().list[index() - 1]).day}>
                {(day) => (
                  <li class="day">{formatDay(day(), localDay(coarseNow(), rowTimeZone(row)).day)}</li>
                )}
              </Show>
              <LogDivider source={rowHeadings(row, rows().list[index() - 1]).divider} />
              <FeedRow row={row} />
            </>
          )}
        </For>
      </ol>
      <Show when={rows().list.length === 0}>
        <p class="empty">No events yet. Motion, arm changes and problems are listed here.</p>
      </Show>
    </section>
  )
}
