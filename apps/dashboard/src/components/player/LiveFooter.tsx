import { Show } from "solid-js"
import { formatDuration } from "../../format/duration.ts"
import type { CameraView } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { now } from "../../state/signals/now.ts"
import type { LiveViewState } from "./createLiveView.ts"

/** True for cameras that are known to run on a battery. */
const usesBattery = ({ battery }: CameraView) => battery === "ok" || battery === "low"

const asLive = (state: LiveViewState) => (state.type === "live" ? state : null)

/** Start and stop button of a live view, and its duration. */
export const LiveFooter = (props: {
  readonly camera: CameraView
  readonly state: LiveViewState
  readonly onStart: () => void
  readonly onStop: () => void
}) => {
  const { can } = useAppState()
  return (
    <footer>
      <Show
        when={props.state.type === "confirming" || props.state.type === "ended"}
        fallback={
          <button type="button" class="button" onClick={() => props.onStop()}>
            Stop
          </button>
        }
      >
        <button
          type="button"
          class="button primary"
          disabled={!can("control")}
          ref={(element) => queueMicrotask(() => element.focus())}
          onClick={() => props.onStart()}
        >
          {props.state.type === "confirming" ? "Watch live" : "Watch again"}
        </button>
      </Show>
      <Show when={asLive(props.state)}>
        {(live) => (
          <span class="detail">
            Live for {formatDuration(Math.max(0, now() - live().since))}
            {usesBattery(props.camera) ? ", using the battery" : ""}
          </span>
        )}
      </Show>
    </footer>
  )
}
