import { createEffect, createSignal, Match, on, Show, Switch } from "solid-js"
import { broadcaster } from "../../api/broadcaster.ts"
import type { CameraView } from "../../state/accountViews.ts"
import { Icon } from "../shell/Icon.tsx"
import { createLiveView } from "./createLiveView.ts"
import { LiveFooter } from "./LiveFooter.tsx"
import { LiveMessage } from "./LiveMessage.tsx"

const [opened, setOpened] = createSignal<CameraView | null>(null)

/** Opens the live view dialog of a camera. Playback starts at once only for cameras on mains power. */
export const openLive = (camera: CameraView): void => void setOpened({ ...camera })

const posterUrl = ({ thumbnail }: CameraView) =>
  thumbnail === null ? undefined : broadcaster.mediaUrl(thumbnail.url)

/** Live view dialog. Asks for confirmation before it uses a battery; stops when the dialog or the page is closed or hidden. */
export const LivePlayer = () => {
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const liveView = createLiveView()
  let video: HTMLVideoElement | undefined

  createEffect(
    on(opened, (camera) => {
      if (camera === null) return
      liveView.confirm()
      dialog()?.showModal()
      if (camera.battery === "mains") liveView.start(camera, video!)
    }),
  )
  const onClosed = () => {
    liveView.stop(null)
    setOpened(null)
  }
  return (
    <dialog class="player" ref={setDialog} aria-labelledby="live-title" onClose={onClosed}>
      <Show when={opened()}>
        {(camera) => (
          <>
            <header>
              <h2 id="live-title">
                <bdi>{camera().name}</bdi>
              </h2>
              <p role="status">
                <Switch fallback="Live view">
                  <Match when={liveView.state().type === "waking"}>Waking the camera…</Match>
                  <Match when={liveView.state().type === "live"}>
                    <strong class="live-badge">Live</strong>
                  </Match>
                  <Match when={liveView.state().type === "ended"}>Not live</Match>
                </Switch>
              </p>
              <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
                <Icon name="close" />
              </button>
            </header>
            <div class="live-video" data-state={liveView.state().type}>
              <video
                ref={(element) => (video = element)}
                autoplay
                muted
                playsinline
                poster={posterUrl(camera())}
                controls={liveView.state().type === "live"}
                onPlaying={() => liveView.markPlaying()}
              />
              <LiveMessage camera={camera()} state={liveView.state()} />
            </div>
            <LiveFooter
              camera={camera()}
              state={liveView.state()}
              onStart={() => liveView.start(camera(), video!)}
              onStop={() => liveView.stop("Live view stopped.")}
            />
          </>
        )}
      </Show>
    </dialog>
  )
}
