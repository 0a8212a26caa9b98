import { createMemo, createSignal, For, Show } from "solid-js"
import { bursts, headings, type Row } from "../live/bursts.ts"
import type { Entry } from "../live/entries.ts"
import { useLive } from "../live/LiveContext.ts"
import { groupOf } from "../words/describe.ts"
import { dayName, dayOf } from "../words/when.ts"
import { slowNow } from "../live/now.ts"
import { FeedRow, LogMark } from "./FeedRow.tsx"
import { Glyph } from "./Glyph.tsx"

const rowsShown = 40
const burstMs = 5 * 60_000

/** Clips and pictures are told by the motion they belong to; a command is told by what it changed. */
const isNews = (entry: Entry): boolean => {
  if (entry.type === "gap") return true
  const { event } = entry
  if (event.kind === "command.progress") return event.data.status === "failed"
  if (event.kind === "signal.changed") return false
  return groupOf(event.kind) !== "clips"
}

function* newestFirst(entries: ReadonlyArray<Entry>): Generator<Entry> {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index]!
    if (isNews(entry)) yield entry
  }
}

const zone = (row: Row) => ("entries" in row ? row.entries[0]!.zone : row.zone)

/** What happened, newest first, in the order of the log. Pausing holds the rows still and keeps counting. */
export const Feed = () => {
  const { history } = useLive()
  const [held, setHeld] = createSignal<ReadonlyArray<Entry> | null>(null)
  const source = () => held() ?? history.entries()
  const rows = createMemo<{ readonly list: ReadonlyArray<Row>; readonly byKey: ReadonlyMap<string, Row> }>(
    (previous) => {
      const list = bursts(newestFirst(source()), rowsShown, burstMs, previous.byKey)
      return { list, byKey: new Map(list.map((row) => [row.key, row])) }
    },
    { list: [], byKey: new Map() },
  )
  const missed = createMemo(() => {
    const paused = held()
    if (paused === null) return 0
    const last = paused.at(-1)?.seq ?? 0
    return history.entries().filter((entry) => entry.seq > last && isNews(entry)).length
  })
  return (
    <section class="feed" aria-label="Feed">
      <div class="feed-head">
        <h2>Feed</h2>
        <Show when={missed() > 0}>
          <span class="missed">{missed()} new</span>
        </Show>
        <button
          type="button"
          class="icon-button"
          aria-pressed={held() !== null}
          aria-label={held() === null ? "Pause the feed" : "Go on with the feed"}
          onClick={() => setHeld(held() === null ? history.entries() : null)}
        >
          <Glyph name={held() === null ? "pause" : "play"} />
        </button>
      </div>
      <ol class="rows" aria-label="Latest events">
        <For each={rows().list}>
          {(row, index) => (
            <>
              <Show when={headings(row, rows().list[index() - 1]).day}>
                {(day) => <li class="day">{dayName(day(), dayOf(slowNow(), zone(row)).day)}</li>}
              </Show>
              <LogMark mark={headings(row, rows().list[index() - 1]).mark} />
              <FeedRow row={row} />
            </>
          )}
        </For>
      </ol>
      <Show when={rows().list.length === 0}>
        <p class="empty">
          Nothing has happened since this log began. Motion, arming and trouble will be listed here.
        </p>
      </Show>
    </section>
  )
}
