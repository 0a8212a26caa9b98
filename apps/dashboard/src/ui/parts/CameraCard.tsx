import { createMemo, For, Show } from "solid-js"
import { createCommand } from "../live/createCommand.ts"
import { targetOf, type CameraView } from "../live/homeView.ts"
import { useLive } from "../live/LiveContext.ts"
import { slowNow } from "../live/now.ts"
import { canWatchLive } from "../live/watchLive.ts"
import { age } from "../words/age.ts"
import { fullTime } from "../words/when.ts"
import { CameraControls } from "./CameraControls.tsx"
import { CameraFacts } from "./CameraFacts.tsx"
import { Glyph } from "./Glyph.tsx"
import { openLive } from "./LivePlayer.tsx"
import { Picture } from "./Picture.tsx"
import { Ribbon } from "./Ribbon.tsx"

const recentMs = 90_000

const chipsOf = (camera: CameraView) => [
  ...(camera.online === "offline" ? ["Offline"] : []),
  ...(camera.online === "unknown" ? ["Online?"] : []),
  ...(camera.battery === "low" ? ["Battery low"] : []),
  ...(camera.snoozed === true ? ["Snoozed"] : []),
]

/** One camera: what it last saw, how it is, and what can be asked of it. */
export const CameraCard = (props: { readonly camera: CameraView }) => {
  const { may, history } = useLive()
  const picture = createCommand()
  const lastMotion = createMemo(() => {
    const { lastMotionAt, key } = props.camera
    const known = lastMotionAt === null ? 0 : Date.parse(lastMotionAt)
    return Math.max(history.activity(key).at(-1) ?? 0, known) || null
  })
  return (
    <article
      class="card"
      aria-label={`Camera ${props.camera.name}`}
      data-online={props.camera.online}
      data-recent={slowNow() - (lastMotion() ?? 0) < recentMs ? "" : undefined}
    >
      <div class="card-picture">
        <Picture url={props.camera.thumbnail?.url ?? null} label={`Last picture of ${props.camera.name}`} />
        <ul class="chips" aria-label="Attention">
          <For each={chipsOf(props.camera)}>{(chip) => <li data-chip={chip}>{chip}</li>}</For>
        </ul>
        <Show when={props.camera.thumbnail?.takenAt}>
          {(takenAt) => (
            <time class="picture-age" datetime={takenAt()} title={fullTime(takenAt(), props.camera.timeZone)}>
              {age(takenAt(), slowNow())}
            </time>
          )}
        </Show>
        <div class="card-shots">
          <Show when={canWatchLive()}>
            <button
              type="button"
              class="icon-button"
              disabled={props.camera.online === "offline" || !may("control")}
              aria-label={`Watch ${props.camera.name} live`}
              title={props.camera.battery === "mains" ? "Watch live" : "Watch live (wakes the camera)"}
              onClick={() => openLive(props.camera)}
            >
              <Glyph name="live" />
            </button>
          </Show>
          <button
            type="button"
            class="icon-button"
            disabled={picture.busy() || props.camera.online === "offline" || !may("control")}
            aria-busy={picture.busy()}
            aria-label={`New picture from ${props.camera.name}`}
            title={props.camera.battery === "mains" ? "New picture" : "New picture (wakes the camera)"}
            onClick={() => picture.run({ name: "thumbnail", target: targetOf(props.camera) })}
          >
            <Glyph name="camera" />
          </button>
        </div>
      </div>
      <Ribbon times={history.activity(props.camera.key)} now={slowNow()} />
      <div class="card-body">
        <h3>
          <Glyph name={props.camera.kind} />
          <bdi>{props.camera.name}</bdi>
        </h3>
        <p class="last-motion">
          <Show when={lastMotion()} fallback="No motion known">
            {(at) => (
              <>
                {props.camera.kind === "doorbell" ? "Active" : "Motion"}{" "}
                <time datetime={new Date(at()).toISOString()} title={fullTime(at(), props.camera.timeZone)}>
                  {age(at(), slowNow())}
                </time>
              </>
            )}
          </Show>
        </p>
        <div class="card-foot">
          <CameraFacts camera={props.camera} />
          <CameraControls camera={props.camera} picture={picture} />
        </div>
      </div>
    </article>
  )
}
