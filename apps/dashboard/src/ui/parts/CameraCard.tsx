import { createMemo, createSignal, For, Show } from "solid-js"
import { createCommand } from "../live/createCommand.ts"
import type { CameraView } from "../live/homeView.ts"
import { useLive } from "../live/LiveContext.ts"
import { slowNow } from "../live/now.ts"
import { age } from "../words/age.ts"
import { isVeiled } from "../words/status.ts"
import { fullTime } from "../words/when.ts"
import { Bars } from "./Bars.tsx"
import { Battery } from "./Battery.tsx"
import { Glyph } from "./Glyph.tsx"
import { Picture } from "./Picture.tsx"
import { Ribbon } from "./Ribbon.tsx"

const batteryWords = {
  ok: "Battery ok",
  low: "Battery low",
  mains: "Mains",
  unknown: "Battery unknown",
} as const

const dayMs = 86_400_000
const recentMs = 90_000

/** One camera: what it last saw, how it is, and what can be asked of it. */
export const CameraCard = (props: { readonly camera: CameraView }) => {
  const { connection, history } = useLive()
  const detection = createCommand()
  const picture = createCommand()
  const [wanted, setWanted] = createSignal(false)
  const camera = () => props.camera
  const target = () => ({
    account: camera().account,
    network: camera().networkId,
    camera: camera().id,
    kind: camera().kind,
  })
  const lastMotion = createMemo(() => {
    const { lastMotionAt } = camera()
    const seen = history.activity(camera().key).at(-1) ?? 0
    const known = lastMotionAt === null ? 0 : Date.parse(lastMotionAt)
    return Math.max(seen, known) || null
  })
  const on = () => (detection.busy() ? wanted() : camera().detection === "on")
  const toggle = () => {
    setWanted(camera().detection !== "on")
    detection.run({ name: wanted() ? "enable" : "disable", target: target() })
  }
  const problem = () => detection.problem() ?? picture.problem()
  const chips = () => [
    ...(camera().online === "offline" ? (["Offline"] as const) : []),
    ...(camera().online === "unknown" ? (["Online?"] as const) : []),
    ...(camera().battery === "low" ? (["Battery low"] as const) : []),
    ...(camera().snoozed === true ? (["Snoozed"] as const) : []),
  ]
  return (
    <article
      class="card"
      aria-label={`Camera ${camera().name}`}
      data-online={camera().online}
      data-recent={slowNow() - (lastMotion() ?? 0) < recentMs ? "" : undefined}
    >
      <div class="card-picture">
        <Picture url={camera().thumbnail?.url ?? null} label={`Last picture of ${camera().name}`} />
        <ul class="chips" aria-label="Attention">
          <For each={chips()}>{(chip) => <li data-chip={chip}>{chip}</li>}</For>
        </ul>
        <Show when={camera().thumbnail?.takenAt}>
          {(takenAt) => (
            <time class="picture-age" datetime={takenAt()} title={fullTime(takenAt(), camera().timeZone)}>
              {age(takenAt(), slowNow())}
            </time>
          )}
        </Show>
        <button
          type="button"
          class="icon-button snap"
          disabled={picture.busy() || camera().online === "offline" || isVeiled(connection())}
          aria-busy={picture.busy()}
          aria-label={`New picture from ${camera().name}`}
          title={camera().battery === "mains" ? "New picture" : "New picture (wakes the camera)"}
          onClick={() => picture.run({ name: "thumbnail", target: target() })}
        >
          <Glyph name="camera" />
        </button>
      </div>
      <Ribbon times={history.activity(camera().key)} until={slowNow()} spanMs={dayMs} />
      <div class="card-body">
        <h3>
          <Glyph name={camera().kind} />
          <bdi>{camera().name}</bdi>
        </h3>
        <p class="last-motion">
          <Show when={lastMotion()} fallback="No motion known">
            {(at) => (
              <>
                Motion{" "}
                <time datetime={new Date(at()).toISOString()} title={fullTime(at(), camera().timeZone)}>
                  {age(at(), slowNow())}
                </time>
              </>
            )}
          </Show>
        </p>
        <div class="card-foot">
          <ul class="facts">
            <li data-battery={camera().battery} title={batteryWords[camera().battery]}>
              <Battery bars={camera().battery === "mains" ? 3 : camera().batteryBars} />
              <span class={camera().battery === "mains" ? "" : "unseen"}>
                {batteryWords[camera().battery]}
              </span>
            </li>
            <li>
              <Bars value={camera().wifiBars} of={5} label="Signal" />
            </li>
            <Show when={camera().temperature}>
              {(temperature) => <li class="number">{Math.round(temperature().celsius)} °C</li>}
            </Show>
          </ul>
          <button
            type="button"
            role="switch"
            class="switch"
            aria-checked={on()}
            aria-busy={detection.busy()}
            data-unknown={camera().detection === "unknown" ? "" : undefined}
            aria-label={`Motion detection of ${camera().name}${camera().detection === "unknown" ? " (state unknown)" : ""}`}
            title={`Motion detection ${camera().detection}`}
            disabled={detection.busy() || isVeiled(connection())}
            onClick={toggle}
          >
            <Glyph name="motion" />
            <span>
              {detection.busy() ? "…" : camera().detection === "unknown" ? "?" : camera().detection}
            </span>
          </button>
        </div>
        <Show when={problem()}>
          {(text) => (
            <p class="problem" role="alert">
              {text()}
              <button
                type="button"
                class="link"
                onClick={() => {
                  detection.dismiss()
                  picture.dismiss()
                }}
              >
                Dismiss
              </button>
            </p>
          )}
        </Show>
      </div>
    </article>
  )
}
