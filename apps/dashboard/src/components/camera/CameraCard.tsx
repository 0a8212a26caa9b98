import { createMemo, For, Show } from "solid-js"
import { createCommandAction } from "../../state/createCommandAction.ts"
import { commandTarget, type CameraView } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { coarseNow } from "../../state/signals/now.ts"
import { supportsLiveView } from "../../api/playLiveView.ts"
import { formatAge } from "../../format/duration.ts"
import { formatDateTime } from "../../format/dateTime.ts"
import { CameraControls } from "./CameraControls.tsx"
import { CameraHealth } from "./CameraHealth.tsx"
import { Icon } from "../shell/Icon.tsx"
import { openLive } from "../player/LivePlayer.tsx"
import { Thumbnail } from "./Thumbnail.tsx"
import { ActivitySparkline } from "./ActivitySparkline.tsx"

const recentMs = 90_000

const chipsOf = (camera: CameraView) => [
  ...(camera.online === "offline" ? ["Offline"] : []),
  ...(camera.online === "unknown" ? ["Status unknown"] : []),
  ...(camera.battery === "low" ? ["Battery low"] : []),
  ...(camera.snoozed === true ? ["Snoozed"] : []),
]

/** One camera: last picture, activity, health and controls. */
export const CameraCard = (props: { readonly camera: CameraView }) => {
  const { can, history } = useAppState()
  const pictureAction = createCommandAction()
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
      data-recent={coarseNow() - (lastMotion() ?? 0) < recentMs ? "" : undefined}
    >
      <div class="card-thumbnail">
        <Thumbnail url={props.camera.thumbnail?.url ?? null} label={`Last picture of ${props.camera.name}`} />
        <ul class="chips" aria-label="Attention">
          <For each={chipsOf(props.camera)}>{(chip) => <li data-chip={chip}>{chip}</li>}</For>
        </ul>
        <Show when={props.camera.thumbnail?.takenAt}>
          {(takenAt) => (
            <time
              class="thumbnail-age"
              datetime={takenAt()}
              title={formatDateTime(takenAt(), props.camera.timeZone)}
            >
              {formatAge(takenAt(), coarseNow())}
            </time>
          )}
        </Show>
        <div class="card-actions">
          <Show when={supportsLiveView()}>
            <button
              type="button"
              class="icon-button"
              disabled={props.camera.online === "offline" || !can("control")}
              aria-label={`Watch ${props.camera.name} live`}
              title={props.camera.battery === "mains" ? "Watch live" : "Watch live (wakes the camera)"}
              onClick={() => openLive(props.camera)}
            >
              <Icon name="live" />
            </button>
          </Show>
          <button
            type="button"
            class="icon-button"
            disabled={pictureAction.busy() || props.camera.online === "offline" || !can("control")}
            aria-busy={pictureAction.busy()}
            aria-label={`New picture from ${props.camera.name}`}
            title={props.camera.battery === "mains" ? "New picture" : "New picture (wakes the camera)"}
            onClick={() => pictureAction.run({ name: "thumbnail", target: commandTarget(props.camera) })}
          >
            <Icon name="camera" />
          </button>
        </div>
      </div>
      <ActivitySparkline times={history.activity(props.camera.key)} now={coarseNow()} />
      <div class="card-body">
        <h3>
          <Icon name={props.camera.kind} />
          <bdi>{props.camera.name}</bdi>
        </h3>
        <p class="last-motion">
          <Show when={lastMotion()} fallback="No motion recorded">
            {(at) => (
              <>
                {props.camera.kind === "doorbell" ? "Active" : "Motion"}{" "}
                <time
                  datetime={new Date(at()).toISOString()}
                  title={formatDateTime(at(), props.camera.timeZone)}
                >
                  {formatAge(at(), coarseNow())}
                </time>
              </>
            )}
          </Show>
        </p>
        <div class="card-foot">
          <CameraHealth camera={props.camera} />
          <CameraControls camera={props.camera} pictureAction={pictureAction} />
        </div>
      </div>
    </article>
  )
}
