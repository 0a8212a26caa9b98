import { createMemo, createSignal, For, Show } from "solid-js"
import { groupRows, rowHeadings, type Row } from "../state/feedRows.ts"
import type { LogEntry, EventEntry } from "../state/logEntries.ts"
import { useAppState } from "../state/AppStateContext.ts"
import { throttled } from "../state/signals/throttled.ts"
import { coarseNow } from "../state/signals/now.ts"
import { DayTimeline } from "../components/feed/DayTimeline.tsx"
import { FeedRow, LogDivider } from "../components/feed/FeedRow.tsx"
import { Icon } from "../components/shell/Icon.tsx"
import { eventGroupOf, eventGroups, type EventGroup } from "../format/eventGroup.ts"
import { formatDay, localDay } from "../format/dateTime.ts"

const pageSize = 100
/** Shorter than in the feed: only events within 10 seconds share a row. */
const burstWindowMs = 10_000
const groupLabels: Record<EventGroup, string> = {
  motion: "Motion",
  doorbell: "Doorbell",
  arm: "Arm",
  clips: "Clips",
  devices: "Devices",
  system: "System",
}
const loadLabels = {
  idle: "Load older events",
  loading: "Loading…",
  end: "Start of the log",
} as const
const isEvent = (entry: LogEntry): entry is EventEntry => entry.type === "event"

/** Events of one day, ordered by `occurredAt`, in the time zone of the first system. */
export const Timeline = () => {
  const { accounts, history, loadEarlier } = useAppState()
  const entries = throttled(history.entries, 1_000)
  const [hidden, setHidden] = createSignal<ReadonlySet<EventGroup>>(new Set<EventGroup>(["clips", "system"]))
  const [camera, setCamera] = createSignal<string | null>(null)
  const [limit, setLimit] = createSignal(pageSize)
  const cameras = createMemo(() =>
    accounts.flatMap(({ networks }) => networks).flatMap((network) => network.cameras),
  )
  const timeZone = () => accounts[0]?.networks[0]?.timeZone ?? null
  const today = () => localDay(coarseNow(), timeZone())
  const days = createMemo(
    () => [...new Set([today().day, ...entries().map(({ day }) => day)])].sort().toReversed(),
    [],
    { equals: (a, b) => a.join() === b.join() },
  )
  const [selectedDay, setSelectedDay] = createSignal<string | null>(null)
  const day = () => selectedDay() ?? days()[0]!
  const entriesOfDay = createMemo(() => entries().filter((entry) => entry.day === day()))
  const shown = createMemo(() =>
    entriesOfDay()
      .filter(
        (entry) =>
          entry.type === "gap" ||
          entry.event.kind === "gap" ||
          (!hidden().has(eventGroupOf(entry.event.kind)) && (camera() === null || entry.camera === camera())),
      )
      .toReversed()
      .sort((a, b) => b.at - a.at),
  )
  const rows = createMemo<{ readonly list: ReadonlyArray<Row>; readonly byKey: ReadonlyMap<string, Row> }>(
    (previous) => {
      const list = groupRows(shown(), limit(), burstWindowMs, previous.byKey)
      return { list, byKey: new Map(list.map((row) => [row.key, row])) }
    },
    { list: [], byKey: new Map() },
  )
  const moveDay = (step: 1 | -1) => {
    const next = days()[days().indexOf(day()) + step]
    if (next !== undefined) setSelectedDay(next)
    setLimit(pageSize)
  }
  const [loadState, setLoadState] = createSignal<keyof typeof loadLabels>("idle")
  const loadMore = () => {
    setLoadState("loading")
    loadEarlier().then(
      (mayHaveMore) => setLoadState(mayHaveMore ? "idle" : "end"),
      () => setLoadState("idle"),
    )
  }
  const toggle = (group: EventGroup) => {
    const next = new Set(hidden())
    if (!next.delete(group)) next.add(group)
    setHidden(next)
  }
  return (
    <main class="timeline">
      <div class="timeline-head">
        <button
          type="button"
          class="icon-button"
          aria-label="Previous day"
          disabled={days().indexOf(day()) === days().length - 1}
          onClick={() => moveDay(1)}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Next day"
          disabled={days().indexOf(day()) === 0}
          onClick={() => moveDay(-1)}
        >
          <Icon name="right" />
        </button>
        <h1 aria-live="polite">{formatDay(day(), today().day)}</h1>
        <fieldset class="filters">
          <legend class="visually-hidden">Event kinds</legend>
          <For each={eventGroups}>
            {(group) => (
              <label>
                <input type="checkbox" checked={!hidden().has(group)} onChange={() => toggle(group)} />
                <span>{groupLabels[group]}</span>
              </label>
            )}
          </For>
        </fieldset>
        <label class="camera-filter">
          <span class="visually-hidden">Camera</span>
          <select onChange={(event) => setCamera(event.currentTarget.value || null)}>
            <option value="" selected={camera() === null}>
              All cameras
            </option>
            <For each={cameras()}>
              {(each) => (
                <option value={each.key} selected={camera() === each.key}>
                  {each.name}
                </option>
              )}
            </For>
          </select>
        </label>
      </div>
      <DayTimeline
        cameras={cameras()}
        entries={entriesOfDay().filter(isEvent)}
        nowMinute={day() === today().day ? today().minute : null}
        selected={camera()}
        onSelect={setCamera}
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
      <Show when={days().indexOf(day()) === days().length - 1 && rows().list.length < limit()}>
        <button type="button" class="button more" disabled={loadState() !== "idle"} onClick={loadMore}>
          {loadLabels[loadState()]}
        </button>
      </Show>
      <Show when={rows().list.length === 0}>
        <p class="empty">No events {camera() === null ? "" : "of this camera "}loaded for this day.</p>
      </Show>
    </main>
  )
}
