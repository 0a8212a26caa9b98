import { Match, Show, Switch } from "solid-js"
import type { CameraView } from "../../state/accountViews.ts"
import type { LiveViewState } from "./createLiveView.ts"

const asEnded = (state: LiveViewState) => (state.type === "ended" ? state : null)

/** Message over the picture of a live view: before it starts, while the camera wakes up, and after its end. */
export const LiveMessage = (props: { readonly camera: CameraView; readonly state: LiveViewState }) => (
  <Switch>
    <Match when={props.state.type === "confirming"}>
      <p class="live-message">
        <strong>This wakes the camera.</strong>
        <span>
          {props.camera.battery === "unknown"
            ? "If this camera runs on a battery, a live view drains it quickly."
            : "A live view drains its battery quickly."}{" "}
          The system accepts no other command during a live view.
        </span>
        <Show when={props.camera.battery === "low"}>
          <span class="warn">Its battery is already low.</span>
        </Show>
      </p>
    </Match>
    <Match when={props.state.type === "waking"}>
      <p class="live-message">The first picture takes a few seconds.</p>
    </Match>
    <Match when={asEnded(props.state)}>
      {(end) => (
        <p class="live-message" role={end().isError ? "alert" : undefined}>
          {end().reason}
        </p>
      )}
    </Match>
  </Switch>
)
