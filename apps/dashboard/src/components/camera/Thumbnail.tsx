import { createEffect, createSignal, on, onCleanup, Show } from "solid-js"
import { broadcaster } from "../../api/broadcaster.ts"
import { Icon } from "../shell/Icon.tsx"

const slowMs = 4_000

/**
 * A camera picture or clip thumbnail with distinct states for loading, slow, broken and missing. While a newer picture
 * loads, the browser keeps showing the previous one.
 */
export const Thumbnail = (props: { readonly url: string | null; readonly label: string }) => {
  const [state, setState] = createSignal<"loading" | "slow" | "shown" | "broken">("loading")
  const [attempt, setAttempt] = createSignal(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  const startTimer = () => {
    clearTimeout(timer)
    timer = setTimeout(() => state() === "loading" && setState("slow"), slowMs)
  }
  const finishLoading = (outcome: "shown" | "broken") => () => {
    clearTimeout(timer)
    setState(outcome)
  }
  createEffect(
    on(
      () => [props.url, attempt()],
      () => {
        if (state() !== "shown") setState("loading")
        startTimer()
      },
    ),
  )
  onCleanup(() => clearTimeout(timer))
  // A new fragment makes the browser request the same URL again.
  const sourceUrl = (url: string) =>
    attempt() === 0 ? broadcaster.mediaUrl(url) : `${broadcaster.mediaUrl(url)}#${attempt()}`
  return (
    <div class="thumbnail" data-state={props.url === null ? "none" : state()}>
      <Show
        when={props.url}
        fallback={
          <p class="thumbnail-note">
            <Icon name="picture" />
            No picture yet
          </p>
        }
      >
        {(url) => (
          <>
            <img
              src={sourceUrl(url())}
              alt={props.label}
              loading="lazy"
              decoding="async"
              onLoad={finishLoading("shown")}
              onError={finishLoading("broken")}
            />
            <Show when={state() === "slow"}>
              <p class="thumbnail-note">Still loading…</p>
            </Show>
            <Show when={state() === "broken"}>
              <p class="thumbnail-note">
                <Icon name="picture" />
                Picture can’t be displayed
                <button type="button" class="link" onClick={() => setAttempt((count) => count + 1)}>
                  Try again
                </button>
              </p>
            </Show>
          </>
        )}
      </Show>
    </div>
  )
}
