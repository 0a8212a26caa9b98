import { createEffect, createSignal, Match, on, onCleanup, Show, Switch } from "solid-js"
import { mediaUrl } from "../../api/http.ts"
import type { CameraView } from "../../state/accountViews.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { now } from "../../state/signals/now.ts"
import { playLiveView } from "../../api/playLiveView.ts"
import { formatDuration } from "../../format/duration.ts"
import { Icon } from "../shell/Icon.tsx"

const [opened, setOpened] = createSignal<CameraView | null>(null)

/** Opens the live view of a camera over whatever view is open. It begins by itself only where it costs no battery. */
export const openLive = (camera: CameraView): void => void setOpened({ ...camera })

const posterUrl = ({ thumbnail }: CameraView) => (thumbnail === null ? undefined : mediaUrl(thumbnail.url))

/** `false` where it is not known, too: then nothing is claimed. */
const usesBattery = ({ battery }: CameraView) => battery === "ok" || battery === "low"

type LiveViewState =
  | { readonly is: "asking" | "waking" }
  | { readonly is: "live"; readonly since: number }
  | { readonly is: "over"; readonly why: string; readonly bad: boolean }

const asLive = (viewState: LiveViewState) => (viewState.is === "live" ? viewState : null)
const asEnded = (viewState: LiveViewState) => (viewState.is === "over" ? viewState : null)

/** What a camera sees now: asks where it costs a battery, and ends with the dialog, the page or the view of it. */
export const LivePlayer = () => {
  const { can } = useAppState()
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const [viewState, setViewState] = createSignal<LiveViewState>({ is: "asking" })
  let video: HTMLVideoElement | undefined
  let controller: AbortController | undefined

  const stop = (reason: string | null) => {
    if (controller === undefined) return
    controller.abort()
    controller = undefined
    if (reason !== null) setViewState({ is: "over", why: reason, bad: false })
  }
  const start = (camera: CameraView) => {
    const own = new AbortController()
    controller = own
    setViewState({ is: "waking" })
    const ended = (reason: string, isError: boolean) => {
      if (controller !== own) return
      controller = undefined
      setViewState({ is: "over", why: reason, bad: isError })
    }
    playLiveView(camera, video!, own.signal).then(
      () => ended("The live view has ended.", false),
      (error: unknown) => ended(error instanceof Error ? error.message : String(error), true),
    )
  }
  createEffect(
    on(opened, (camera) => {
      if (camera === null) return
      setViewState({ is: "asking" })
      dialog()?.showModal()
      if (camera.battery === "mains") start(camera)
    }),
  )
  // Nobody looks at a hidden page, and the camera would go on paying for it.
  const onVisibilityChange = () => document.hidden && stop("Stopped, because the page was out of sight.")
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
                  <Match when={viewState().is === "waking"}>Waking the camera…</Match>
                  <Match when={asLive(viewState())}>
                    <strong class="on-air">Live</strong>
                  </Match>
                  <Match when={asEnded(viewState())}>Not live</Match>
                </Switch>
              </p>
              <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
                <Icon name="cross" />
              </button>
            </header>
            <div class="live-picture" data-showing={viewState().is}>
              <video
                ref={(element) => (video = element)}
                autoplay
                muted
                playsinline
                poster={posterUrl(camera())}
                controls={viewState().is === "live"}
                onPlaying={() => {
                  if (viewState().is === "waking") setViewState({ is: "live", since: Date.now() })
                }}
              />
              <Switch>
                <Match when={viewState().is === "asking"}>
                  <p class="live-note">
                    <strong>This wakes the camera.</strong>
                    <span>
                      {camera().battery === "unknown"
                        ? "Whether it runs on a battery is not known. If it does, nothing drains it faster"
                        : "Nothing drains its battery faster"}{" "}
                      than watching live, and the network takes no other command meanwhile.
                    </span>
                    <Show when={camera().battery === "low"}>
                      <span class="warn">Its battery is low already.</span>
                    </Show>
                  </p>
                </Match>
                <Match when={viewState().is === "waking"}>
                  <p class="live-note">The first picture takes some seconds.</p>
                </Match>
                <Match when={asEnded(viewState())}>
                  {(end) => (
                    <p class="live-note" role={end().bad ? "alert" : undefined}>
                      {end().why}
                    </p>
                  )}
                </Match>
              </Switch>
            </div>
            <footer>
              <Show
                when={viewState().is === "asking" || asEnded(viewState())}
                fallback={
                  <button type="button" class="button" onClick={() => stop("You have stopped it.")}>
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
                  {viewState().is === "asking" ? "Watch live" : "Watch again"}
                </button>
              </Show>
              <Show when={asLive(viewState())}>
                {(live) => (
                  <span class="fact">
                    for {formatDuration(Math.max(0, now() - live().since))}
                    {usesBattery(camera()) ? ", at the cost of its battery" : ""}
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
