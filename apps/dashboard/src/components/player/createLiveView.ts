import { createSignal, onCleanup, type Accessor } from "solid-js"
import { playLiveView } from "../../api/playLiveView.ts"
import type { CameraView } from "../../state/accountViews.ts"

export type LiveViewState =
  | { readonly type: "confirming" | "waking" }
  | { readonly type: "live"; readonly since: number }
  | { readonly type: "ended"; readonly reason: string; readonly isError: boolean }

export interface LiveViewPlayer {
  readonly state: Accessor<LiveViewState>
  /** Shows the question whether to wake the camera. */
  confirm(): void
  start(camera: CameraView, video: HTMLVideoElement): void
  /** Stops the session, if one runs. `null` shows no reason. */
  stop(reason: string | null): void
  /** The first picture is shown. */
  markPlaying(): void
}

/** One live view session at a time. It stops with its owner, and when the page is hidden, to spare the battery of the camera. */
export const createLiveView = (): LiveViewPlayer => {
  const [state, setState] = createSignal<LiveViewState>({ type: "confirming" })
  let controller: AbortController | undefined

  const end = (session: AbortController, reason: string, isError: boolean) => {
    if (controller !== session) return
    controller = undefined
    setState({ type: "ended", reason, isError })
  }
  const stop = (reason: string | null) => {
    if (controller === undefined) return
    controller.abort()
    if (reason === null) controller = undefined
    else end(controller, reason, false)
  }
  const onVisibilityChange = () => document.hidden && stop("Live view stopped because the page was hidden.")
  document.addEventListener("visibilitychange", onVisibilityChange)
  onCleanup(() => {
    document.removeEventListener("visibilitychange", onVisibilityChange)
    stop(null)
  })
  return {
    state,
    confirm: () => void setState({ type: "confirming" }),
    start: (camera, video) => {
      const session = new AbortController()
      controller = session
      setState({ type: "waking" })
      playLiveView(camera, video, session.signal).then(
        () => end(session, "The live view has ended.", false),
        (error: unknown) => end(session, error instanceof Error ? error.message : String(error), true),
      )
    },
    stop,
    markPlaying: () => {
      if (state().type === "waking") setState({ type: "live", since: Date.now() })
    },
  }
}
