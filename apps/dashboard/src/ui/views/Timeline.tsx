import { createMemo, createSignal, For, Show } from "solid-js"
import { bursts, headings, type Row } from "../live/bursts.ts"
import type { Entry, EventEntry } from "../live/entries.ts"
import { useLive } from "../live/LiveContext.ts"
import { sampled } from "../live/sampled.ts"
import { slowNow } from "../live/now.ts"
import { DayStrip } from "../parts/DayStrip.tsx"
import { FeedRow, LogMark } from "../parts/FeedRow.tsx"
import { Glyph } from "../parts/Glyph.tsx"
import { groupOf, groups, type Group } from "../words/describe.ts"
import { dayName, dayOf } from "../words/when.ts"

const page = 100
/** Here every event has its own row: only exact repeats within ten seconds are drawn together. */
const burstMs = 10_000
const labels: Record<Group, string> = {
  motion: "Motion",
  doorbell: "Doorbell",
  arm: "Arm",
  clips: "Clips",
  devices: "Devices",
  system: "System",
}
const earlierWords = {
  ask: "Read further back in the log",
  reading: "Reading…",
  none: "The log begins here",
} as const
const isEvent = (entry: Entry): entry is EventEntry => entry.type === "event"

/** Days as they were: by the time things happened, in the home's time zone. */
export const Timeline = () => {
  const { accounts, history, loadEarlier } = useLive()
  const entries = sampled(history.entries, 1_000)
  const [hidden, setHidden] = createSignal<ReadonlySet<Group>>(new Set<Group>(["clips", "system"]))
  const [camera, setCamera] = createSignal<string | null>(null)
  const [limit, setLimit] = createSignal(page)
  const cameras = createMemo(() =>
    accounts.flatMap(({ networks }) => networks).flatMap((network) => network.cameras),
  )
  const zone = () => accounts[0]?.networks[0]?.timeZone ?? null
  const today = () => dayOf(slowNow(), zone())
  const days = createMemo(
    () => [...new Set([today().day, ...entries().map(({ day }) => day)])].sort().toReversed(),
    [],
    { equals: (a, b) => a.join() === b.join() },
  )
  const [picked, setPicked] = createSignal<string | null>(null)
  const day = () => picked() ?? days()[0]!
  const ofDay = createMemo(() => entries().filter((entry) => entry.day === day()))
  const shown = createMemo(() =>
    ofDay()
      .filter(
        (entry) =>
          entry.type === "gap" ||
          entry.event.kind === "gap" ||
          (!hidden().has(groupOf(entry.event.kind)) && (camera() === null || entry.camera === camera())),
      )
      .toSorted((a, b) => b.at - a.at || b.seq - a.seq),
  )
  const rows = createMemo<{ readonly list: ReadonlyArray<Row>; readonly byKey: ReadonlyMap<string, Row> }>(
    (previous) => {
      const list = bursts(shown(), limit(), burstMs, previous.byKey)
      return { list, byKey: new Map(list.map((row) => [row.key, row])) }
    },
    { list: [], byKey: new Map() },
  )
  const go = (step: 1 | -1) => {
    const next = days()[days().indexOf(day()) + step]
    if (next !== undefined) setPicked(next)
    setLimit(page)
  }
  const [earlier, setEarlier] = createSignal<keyof typeof earlierWords>("ask")
  const readEarlier = () => {
    setEarlier("reading")
    loadEarlier().then(
      (found) => setEarlier(found ? "ask" : "none"),
      () => setEarlier("ask"),
    )
  }
  const toggle = (group: Group) => {
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
          aria-label="The day before"
          disabled={days().indexOf(day()) === days().length - 1}
          onClick={() => go(1)}
        >
          <Glyph name="left" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="The day after"
          disabled={days().indexOf(day()) === 0}
          onClick={() => go(-1)}
        >
          <Glyph name="right" />
        </button>
        <h1 aria-live="polite">{dayName(day(), today().day)}</h1>
        <fieldset class="filters">
          <legend class="unseen">Kinds of events</legend>
          <For each={groups}>
            {(group) => (
              <label>
                <input type="checkbox" checked={!hidden().has(group)} onChange={() => toggle(group)} />
                <span>{labels[group]}</span>
              </label>
            )}
          </For>
        </fieldset>
        <label class="camera-filter">
          <span class="unseen">Camera</span>
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
      <DayStrip
        cameras={cameras()}
        entries={ofDay().filter(isEvent)}
        nowMinute={day() === today().day ? today().minute : null}
        chosen={camera()}
        onChoose={setCamera}
      />
      <ol class="rows timeline-rows" aria-label="Events of the day">
        <For each={rows().list}>
          {(row, index) => (
            <>
              <LogMark mark={headings(row, rows().list[index() - 1]).mark} />
              <FeedRow row={row} />
            </>
          )}
        </For>
      </ol>
      <Show when={rows().list.length >= limit()}>
        <button type="button" class="button more" onClick={() => setLimit(limit() + page)}>
          Show earlier ones
        </button>
      </Show>
      <Show when={days().indexOf(day()) === days().length - 1 && rows().list.length < limit()}>
        <button type="button" class="button more" disabled={earlier() !== "ask"} onClick={readEarlier}>
          {earlierWords[earlier()]}
        </button>
      </Show>
      <Show when={rows().list.length === 0}>
        <p class="empty">
          Nothing {camera() === null ? "" : "of this camera "}on this day, as far as this page knows.
        </p>
      </Show>
    </main>
  )
}
