import { createMemo, For, Show } from "solid-js"
import type { EventEntry } from "../live/entries.ts"
import type { CameraView } from "../live/homeView.ts"
import { armedSpans } from "../words/armedSpans.ts"

const minutes = 1440
/** A large home shows the cameras that saw something; even of those no more than a person can read. */
const lanesWithoutActivity = 16
const lanesAtMost = 40
const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24] as const

const marks = (entries: ReadonlyArray<EventEntry>) => entries.map(({ minute }) => `M${minute} 2v16`).join("")

const Lane = (props: {
  readonly camera: CameraView
  readonly entries: ReadonlyArray<EventEntry>
  readonly armChanges: ReadonlyArray<EventEntry>
  readonly nowMinute: number | null
  readonly chosen: boolean
  readonly onChoose: () => void
}) => {
  const motion = createMemo(() => props.entries.filter(({ event }) => event.kind === "motion"))
  const presses = createMemo(() => props.entries.filter(({ event }) => event.kind === "doorbell.pressed"))
  const armed = createMemo(() => armedSpans(props.armChanges, props.nowMinute ?? minutes))
  return (
    <button type="button" class="lane" aria-pressed={props.chosen} onClick={() => props.onChoose()}>
      <span class="lane-name">
        <bdi>{props.camera.name}</bdi>
      </span>
      <svg viewBox={`0 0 ${minutes} 20`} preserveAspectRatio="none" aria-hidden="true">
        <For each={armed()}>
          {([from, to]) => <rect class="lane-armed" x={from} y="0" width={to - from} height="20" />}
        </For>
        <path class="lane-grid" d={hours.map((hour) => `M${hour * 60} 0v20`).join("")} />
        <Show when={props.nowMinute}>{(minute) => <path class="lane-now" d={`M${minute()} 0v20`} />}</Show>
        <path class="lane-motion" d={marks(motion())} />
        <path class="lane-press" d={marks(presses())} />
      </svg>
      <span class="lane-count">
        {motion().length + presses().length}
        <span class="unseen"> times active</span>
      </span>
    </button>
  )
}

/**
 * One day at a glance: a lane for each camera with a mark for each motion and press, behind them the times
 * in which its network was armed as far as the log tells.
 */
export const DayStrip = (props: {
  readonly cameras: ReadonlyArray<CameraView>
  readonly entries: ReadonlyArray<EventEntry>
  readonly nowMinute: number | null
  readonly chosen: string | null
  readonly onChoose: (camera: string | null) => void
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
      : props.cameras.filter(({ key }) => byCamera().has(key)).slice(0, lanesAtMost),
  )
  return (
    <div class="strip" role="group" aria-label="Activity of the day by camera">
      <For each={shown()}>
        {(camera) => (
          <Lane
            camera={camera}
            entries={byCamera().get(camera.key) ?? []}
            armChanges={armChanges().get(camera.networkId) ?? []}
            nowMinute={props.nowMinute}
            chosen={props.chosen === camera.key}
            onChoose={() => props.onChoose(props.chosen === camera.key ? null : camera.key)}
          />
        )}
      </For>
      <div class="strip-hours" aria-hidden="true">
        <div class="strip-scale">
          <For each={hours}>{(hour) => <span>{String(hour).padStart(2, "0")}</span>}</For>
        </div>
      </div>
      <ul class="strip-note">
        <li data-means="motion">motion</li>
        <li data-means="press">doorbell</li>
        <li data-means="armed">armed, as far as this page’s part of the log tells</li>
      </ul>
    </div>
  )
}
