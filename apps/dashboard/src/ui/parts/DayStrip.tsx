import { createMemo, For, Show } from "solid-js"
import type { EventEntry } from "../live/entries.ts"
import type { CameraView } from "../live/homeView.ts"
import { armedSpans } from "../words/armedSpans.ts"

const minutes = 1440
/** A large home shows the cameras that saw something; even of those no more than a person can read. */
const lanesWithoutActivity = 16
const lanesAtMost = 40
const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24] as const

const marks = (at: ReadonlyArray<number>) => at.map((minute) => `M${minute} 2v16`).join("")

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
  const shown = createMemo(() => {
    if (props.cameras.length <= lanesWithoutActivity) return props.cameras
    const active = new Set(props.entries.map(({ camera }) => camera))
    return props.cameras.filter(({ key }) => active.has(key)).slice(0, lanesAtMost)
  })
  const lanes = createMemo(() =>
    shown().map((camera) => {
      const own = props.entries.filter((entry) => entry.camera === camera.key)
      const at = (kind: string) => own.filter(({ event }) => event.kind === kind).map(({ minute }) => minute)
      return {
        camera,
        motion: at("motion"),
        presses: at("doorbell.pressed"),
        armed: armedSpans(
          props.entries.filter(({ event }) => event.subject.network === camera.networkId),
          props.nowMinute ?? minutes,
        ),
      }
    }),
  )
  return (
    <div class="strip" role="group" aria-label="Activity of the day by camera">
      <For each={lanes()}>
        {(lane) => (
          <button
            type="button"
            class="lane"
            aria-pressed={props.chosen === lane.camera.key}
            onClick={() => props.onChoose(props.chosen === lane.camera.key ? null : lane.camera.key)}
          >
            <span class="lane-name">
              <bdi>{lane.camera.name}</bdi>
            </span>
            <svg viewBox={`0 0 ${minutes} 20`} preserveAspectRatio="none" aria-hidden="true">
              <For each={lane.armed}>
                {([from, to]) => <rect class="lane-armed" x={from} y="0" width={to - from} height="20" />}
              </For>
              <path class="lane-grid" d={hours.map((hour) => `M${hour * 60} 0v20`).join("")} />
              <path class="lane-motion" d={marks(lane.motion)} />
              <path class="lane-press" d={marks(lane.presses)} />
              <Show when={props.nowMinute}>
                {(minute) => <path class="lane-now" d={`M${minute()} 0v20`} />}
              </Show>
            </svg>
            <span class="lane-count">
              {lane.motion.length + lane.presses.length}
              <span class="unseen"> times active</span>
            </span>
          </button>
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
