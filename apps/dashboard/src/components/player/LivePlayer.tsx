import { createEffect, createSignal, Match, on, onCleanup, Show, Switch } from "solid-js"
import { mediaUrl } from "../../api/http.ts"
import type { CameraView } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { now } from "../../state/signals/now.ts"
import { playLiveView } from "../../api/playLiveView.ts"
import { formatDuration } from "../../format/duration.ts"
import { Icon } from "../shell/Icon.tsx"

const [opened, setOpened] = createSignal<CameraView | null>(null)

/** Opens the live view dialog of a camera. Playback starts at once only for cameras on mains power. */
export const openLive = (camera: CameraView): void => void setOpened({ ...camera })

const posterUrl = ({ thumbnail }: CameraView) => (thumbnail === null ? undefined : mediaUrl(thumbnail.url))

/** True for cameras that are known to run on a battery. */
const usesBattery = ({ battery }: CameraView) => battery === "ok" || battery === "low"

type LiveViewState =
  | { readonly type: "confirming" | "waking" }
  | { readonly type: "live"; readonly since: number }
  | { readonly type: "ended"; readonly reason: string; readonly isError: boolean }

const asLive = (viewState: LiveViewState) => (viewState.type === "live" ? viewState : null)
const asEnded = (viewState: LiveViewState) => (viewState.type === "ended" ? viewState : null)

/** Live view dialog. Asks for confirmation before it uses a battery; stops when the dialog or the page is closed or hidden. */
export const LivePlayer = () => {
  const { can } = useAppState()
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const [viewState, setViewState] = createSignal<LiveViewState>({ type: "confirming" })
  let video: HTMLVideoElement | undefined
  let controller: AbortController | undefined

  const stop = (reason: string | null) => {
    if (controller === undefined) return
    controller.abort()
    controller = undefined
    if (reason !== null) setViewState({ type: "ended", reason, isError: false })
  }
  const start = (camera: CameraView) => {
    const own = new AbortController()
    controller = own
    setViewState({ type: "waking" })
    const ended = (reason: string, isError: boolean) => {
      if (controller !== own) return
      controller = undefined
      setViewState({ type: "ended", reason, isError })
    }
    playLiveView(camera, video!, own.signal).then(
      () => ended("The live view has ended.", false),
      (error: unknown) => ended(error instanceof Error ? error.message : String(error), true),
    )
  }
  createEffect(
    on(opened, (camera) => {
      if (camera === null) return
      setViewState({ type: "confirming" })
      dialog()?.showModal()
      if (camera.battery === "mains") start(camera)
    }),
  )
  // A hidden page would keep the camera awake and drain its battery.
  const onVisibilityChange = () => document.hidden && stop("Live view stopped because the page was hidden.")
  document.addEventListener("visibilitychange", onVisibilityChange)
  onCleanup(() => {
    document.removeEventListener("visibilitychange", onVisibilityChange)
    stop(null)
  })
  const onClosed = () => {
    stop(null)
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
                  <Match when={viewState().type === "waking"}>Waking the camera…</Match>
                  <Match when={asLive(viewState())}>
                    <strong class="live-badge">Live</strong>
                  </Match>
                  <Match when={asEnded(viewState())}>Not live</Match>
                </Switch>
              </p>
              <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
                <Icon name="close" />
              </button>
            </header>
            <div class="live-video" data-state={viewState().type}>
              <video
                ref={(element) => (video = element)}
                autoplay
                muted
                playsinline
                poster={posterUrl(camera())}
                controls={viewState().type === "live"}
                onPlaying={() => {
                  if (viewState().type === "waking") setViewState({ type: "live", since: Date.now() })
                }}
              />
              <Switch>
                <Match when={viewState().type === "confirming"}>
                  <p class="live-message">
                    <strong>This wakes the camera.</strong>
                    <span>
                      {camera().battery === "unknown"
                        ? "If this camera runs on a battery, a live view drains it quickly."
                        : "A live view drains its battery quickly."}{" "}
                      The system accepts no other command during a live view.
                    </span>
                    <Show when={camera().battery === "low"}>
                      <span class="warn">Its battery is already low.</span>
                    </Show>
                  </p>
                </Match>
                <Match when={viewState().type === "waking"}>
                  <p class="live-message">The first picture takes a few seconds.</p>
                </Match>
                <Match when={asEnded(viewState())}>
                  {(end) => (
                    <p class="live-message" role={end().isError ? "alert" : undefined}>
                      {end().reason}
                    </p>
                  )}
                </Match>
              </Switch>
            </div>
            <footer>
              <Show
                when={viewState().type === "confirming" || asEnded(viewState())}
                fallback={
                  <button type="button" class="button" onClick={() => stop("Live view stopped.")}>
                    Stop
                  </button>
                }
              >
                <button
                  type="button"
                  class="button primary"
                  disabled={!can("control")}
                  ref={(element) => queueMicrotask(() => element.focus())}
                  onClick={() => start(camera())}
                >
                  {viewState().type === "confirming" ? "Watch live" : "Watch again"}
                </button>
              </Show>
              <Show when={asLive(viewState())}>
                {(live) => (
                  <span class="detail">
                    Live for {formatDuration(Math.max(0, now() - live().since))}
                    {usesBattery(camera()) ? ", using the battery" : ""}
                  </span>
                )}
              </Show>
            </footer>
          </>
        )}
      </Show>
    </dialog>
  )
}
