import { createEffect, createSignal, Match, on, onCleanup, Show, Switch } from "solid-js"
import { mediaAddress } from "../access.ts"
import type { CameraView } from "../live/homeView.ts"
import { useLive } from "../live/LiveContext.ts"
import { now } from "../live/now.ts"
import { watchLive } from "../live/watchLive.ts"
import { span } from "../words/age.ts"
import { Glyph } from "./Glyph.tsx"

const [opened, setOpened] = createSignal<CameraView | null>(null)

/** Opens the live view of a camera over whatever view is open. It begins by itself only where it costs no battery. */
export const openLive = (camera: CameraView): void => void setOpened({ ...camera })

const lastPicture = ({ thumbnail }: CameraView) =>
  thumbnail === null ? undefined : mediaAddress(thumbnail.url)

/** `false` where it is not known, too: then nothing is claimed. */
const spends = ({ battery }: CameraView) => battery === "ok" || battery === "low"

type Showing =
  | { readonly is: "asking" | "waking" }
  | { readonly is: "live"; readonly since: number }
  | { readonly is: "over"; readonly why: string; readonly bad: boolean }

const asLive = (showing: Showing) => (showing.is === "live" ? showing : null)
const asOver = (showing: Showing) => (showing.is === "over" ? showing : null)

/** What a camera sees now: asks where it costs a battery, and ends with the dialog, the page or the view of it. */
export const LivePlayer = () => {
  const { may } = useLive()
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const [showing, setShowing] = createSignal<Showing>({ is: "asking" })
  let video: HTMLVideoElement | undefined
  let watching: AbortController | undefined

  const stop = (why: string | null) => {
    if (watching === undefined) return
    watching.abort()
    watching = undefined
    if (why !== null) setShowing({ is: "over", why, bad: false })
  }
  const start = (camera: CameraView) => {
    const mine = new AbortController()
    watching = mine
    setShowing({ is: "waking" })
    const ended = (why: string, bad: boolean) => {
      if (watching !== mine) return
      watching = undefined
      setShowing({ is: "over", why, bad })
    }
    watchLive(camera, video!, mine.signal).then(
      () => ended("The live view has ended.", false),
      (error: unknown) => ended(error instanceof Error ? error.message : String(error), true),
    )
  }
  createEffect(
    on(opened, (camera) => {
      if (camera === null) return
      setShowing({ is: "asking" })
      dialog()?.showModal()
      if (camera.battery === "mains") start(camera)
    }),
  )
  // Nobody looks at a hidden page, and the camera would go on paying for it.
  const hidden = () => document.hidden && stop("Stopped, because the page was out of sight.")
  document.addEventListener("visibilitychange", hidden)
  onCleanup(() => {
    document.removeEventListener("visibilitychange", hidden)
    stop(null)
  })
  const closed = () => {
    stop(null)
    setOpened(null)
  }
  return (
    <dialog class="player" ref={setDialog} aria-labelledby="live-title" onClose={closed}>
      <Show when={opened()}>
        {(camera) => (
          <>
            <header>
              <h2 id="live-title">
                <bdi>{camera().name}</bdi>
              </h2>
              <p role="status">
                <Switch fallback="Live view">
                  <Match when={showing().is === "waking"}>Waking the camera…</Match>
                  <Match when={asLive(showing())}>
                    <strong class="on-air">Live</strong>
                  </Match>
                  <Match when={asOver(showing())}>Not live</Match>
                </Switch>
              </p>
              <button type="button" class="icon-button" aria-label="Close" onClick={() => dialog()?.close()}>
                <Glyph name="cross" />
              </button>
            </header>
            <div class="live-picture" data-showing={showing().is}>
              <video
                ref={(element) => (video = element)}
                autoplay
                muted
                playsinline
                poster={lastPicture(camera())}
                controls={showing().is === "live"}
                onPlaying={() => {
                  if (showing().is === "waking") setShowing({ is: "live", since: Date.now() })
                }}
              />
              <Switch>
                <Match when={showing().is === "asking"}>
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
                <Match when={showing().is === "waking"}>
                  <p class="live-note">The first picture takes some seconds.</p>
                </Match>
                <Match when={asOver(showing())}>
                  {(over) => (
                    <p class="live-note" role={over().bad ? "alert" : undefined}>
                      {over().why}
                    </p>
                  )}
                </Match>
              </Switch>
            </div>
            <footer>
              <Show
                when={showing().is === "asking" || asOver(showing())}
                fallback={
                  <button type="button" class="button" onClick={() => stop("You have stopped it.")}>
                    Stop
                  </button>
                }
              >
                <button
                  type="button"
                  class="button primary"
                  disabled={!may("control")}
                  ref={(element) => queueMicrotask(() => element.focus())}
                  onClick={() => start(camera())}
                >
                  {showing().is === "asking" ? "Watch live" : "Watch again"}
                </button>
              </Show>
              <Show when={asLive(showing())}>
                {(live) => (
                  <span class="fact">
                    for {span(Math.max(0, now() - live().since))}
                    {spends(camera()) ? ", at the cost of its battery" : ""}
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
