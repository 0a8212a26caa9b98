import { createMemo, For, Show } from "solid-js"
import type { EventEntry } from "../../state/logEntries.ts"
import type { CameraView } from "../../state/accountViews.ts"
import { armedIntervals } from "../../format/armedIntervals.ts"

const minutesPerDay = 1440
/** With more than 16 cameras, only those with events get a lane, at most 40. */
const lanesWithoutActivity = 16
const maxLanes = 40
const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24] as const

const markPath = (entries: ReadonlyArray<EventEntry>) =>
  entries.map(({ minute }) => `M${minute} 2v16`).join("")

const CameraLane = (props: {
  readonly camera: CameraView
  readonly entries: ReadonlyArray<EventEntry>
  readonly armChanges: ReadonlyArray<EventEntry>
  readonly nowMinute: number | null
  readonly selected: boolean
  readonly onSelect: () => void
}) => {
  const motion = createMemo(() => props.entries.filter(({ event }) => event.kind === "motion"))
  const presses = createMemo(() => props.entries.filter(({ event }) => event.kind === "doorbell.pressed"))
  const armed = createMemo(() => armedIntervals(props.armChanges, props.nowMinute ?? minutesPerDay))
  return (
    <button type="button" class="lane" aria-pressed={props.selected} onClick={() => props.onSelect()}>
      <span class="lane-name">
        <bdi>{props.camera.name}</bdi>
      </span>
      <svg viewBox={`0 0 ${minutesPerDay} 20`} preserveAspectRatio="none" aria-hidden="true">
        <For each={armed()}>
          {([from, to]) => <rect class="lane-armed" x={from} y="0" width={to - from} height="20" />}
        </For>
        <path class="lane-grid" d={hours.map((hour) => `M${hour * 60} 0v20`).join("")} />
        <Show when={props.nowMinute}>{(minute) => <path class="lane-now" d={`M${minute()} 0v20`} />}</Show>
        <path class="lane-motion" d={markPath(motion())} />
        <path class="lane-press" d={markPath(presses())} />
      </svg>
      <span class="lane-count">
        {motion().length + presses().length}
        <span class="visually-hidden"> events</span>
      </span>
    </button>
  )
}

/**
 * One day, one lane per camera: a mark for each motion and doorbell press, over the intervals in which its system was
 * armed according to the loaded events.
 */
export const DayTimeline = (props: {
  readonly cameras: ReadonlyArray<CameraView>
  readonly entries: ReadonlyArray<EventEntry>
  readonly nowMinute: number | null
  readonly selected: string | null
  readonly onSelect: (camera: string | null) => void
}) => {
  const byCamera = createMemo(() => Map.groupBy(props.entries, ({ camera }) => camera))
  const armChanges = createMemo(() =>
    Map.groupBy(
      props.entries.filter(({ event }) => event.kind === "arm.changed"),
      ({ event }) => event.subject.network,
    ),
  )
  const shown = createMemo(() =>
    props.cameras.length <= lanesWithoutActivity
      ? props.cameras
      : props.cameras.filter(({ key }) => byCamera().has(key)).slice(0, maxLanes),
  )
  return (
    <div class="day-timeline" role="group" aria-label="Activity by camera">
      <For each={shown()}>
        {(camera) => (
          <CameraLane
            camera={camera}
            entries={byCamera().get(camera.key) ?? []}
            armChanges={armChanges().get(camera.networkId) ?? []}
            nowMinute={props.nowMinute}
            selected={props.selected === camera.key}
            onSelect={() => props.onSelect(props.selected === camera.key ? null : camera.key)}
          />
        )}
      </For>
      <div class="day-timeline-hours" aria-hidden="true">
        <div class="day-timeline-scale">
          <For each={hours}>{(hour) => <span>{String(hour).padStart(2, "0")}</span>}</For>
        </div>
      </div>
      <ul class="day-timeline-legend">
        <li data-legend="motion">motion</li>
        <li data-legend="press">doorbell</li>
        <li data-legend="armed">armed, according to the loaded events</li>
      </ul>
    </div>
  )
}
