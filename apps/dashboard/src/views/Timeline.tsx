import { createMemo, createSignal, For, Show } from "solid-js"
import { DayTimeline } from "../components/feed/DayTimeline.tsx"
import { FeedRow, LogDivider } from "../components/feed/FeedRow.tsx"
import { createOlderLoader, LoadOlder } from "../components/feed/LoadOlder.tsx"
import { TimelineHead } from "../components/feed/TimelineHead.tsx"
import { useAppState } from "../state/AppStateContext.ts"
import { groupRows, rowHeadings, type Row } from "../state/feedRows.ts"
import type { EventEntry, LogEntry } from "../state/logEntries.ts"
import { throttled } from "../state/signals/throttled.ts"
import { createDays } from "../state/timeline/createDays.ts"
import { createFilter } from "../state/timeline/createFilter.ts"

const pageSize = 100
/** Shorter than in the feed: only events within 10 seconds share a row. */
const burstWindowMs = 10_000
const isEvent = (entry: LogEntry): entry is EventEntry => entry.type === "event"

interface Rows {
  readonly list: ReadonlyArray<Row>
  readonly byKey: ReadonlyMap<string, Row>
}

/** Events of one day, ordered by `occurredAt`, in the time zone of the first system. */
export const Timeline = () => {
  const { accounts, history } = useAppState()
  const entries = throttled(history.entries, 1_000)
  const days = createDays(entries, () => accounts[0]?.networks[0]?.timeZone ?? null)
  const filter = createFilter()
  const older = createOlderLoader()
  const [limit, setLimit] = createSignal(pageSize)
  const cameras = createMemo(() =>
    accounts.flatMap(({ networks }) => networks).flatMap((network) => network.cameras),
  )
  const entriesOfDay = createMemo(() => entries().filter((entry) => entry.day === days.selected()))
  const shown = createMemo(() =>
    entriesOfDay()
      .filter(filter.matches)
      .toReversed()
      .sort((a, b) => b.at - a.at),
  )
  const rows = createMemo<Rows>(
    (previous) => {
      const list = groupRows(shown(), limit(), burstWindowMs, previous.byKey)
      return { list, byKey: new Map(list.map((row) => [row.key, row])) }
    },
    { list: [], byKey: new Map() },
  )
  const moveDay = (step: 1 | -1) => {
    days.move(step)
    setLimit(pageSize)
  }
  return (
    <main class="timeline">
      <TimelineHead days={days} filter={filter} cameras={cameras()} onMove={moveDay} />
      <DayTimeline
        cameras={cameras()}
        entries={entriesOfDay().filter(isEvent)}
        nowMinute={days.selected() === days.today().day ? days.today().minute : null}
        selected={filter.camera()}
        onSelect={filter.setCamera}
      />
      <ol class="rows timeline-rows" aria-label="Events of the day">
        <For each={rows().list}>
          {(row, index) => (
            <>
              <LogDivider source={rowHeadings(row, rows().list[index() - 1]).divider} />
              <FeedRow row={row} />
            </>
          )}
        </For>
      </ol>
      <Show when={rows().list.length >= limit()}>
        <button type="button" class="button more" onClick={() => setLimit(limit() + pageSize)}>
          Show more
        </button>
      </Show>
      <Show when={days.isOldest() && rows().list.length < limit()}>
        <LoadOlder state={older.state()} onClick={older.load} />
      </Show>
      <Show when={rows().list.length === 0}>
        <p class="empty">No events {filter.camera() === null ? "" : "of this camera "}loaded for this day.</p>
      </Show>
    </main>
  )
}
