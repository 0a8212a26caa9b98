import type { HomeEvent } from "@blink-streams/model"
import { createEffect, createSignal, Show } from "solid-js"
import { mediaAddress } from "../access.ts"
import { createCommand } from "../live/createCommand.ts"
import { useLive } from "../live/LiveContext.ts"
import { describe } from "../words/describe.ts"
import { fullTime } from "../words/when.ts"
import { Glyph } from "./Glyph.tsx"

const [opened, setOpened] = createSignal<HomeEvent | null>(null)

/** Plays the clip that belongs to `event`, over whatever view is open. */
export const openClip = (event: HomeEvent): void => void setOpened(event)

/** One clip: seeking, download, deletion (which asks). Escape closes it. */
export const ClipPlayer = () => {
  const { history, accounts, may } = useLive()
  const remove = createCommand()
  const [broken, setBroken] = createSignal(false)
  const [asking, setAsking] = createSignal(false)
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const clip = () => {
    const event = opened()
    return event === null ? null : history.clip(event)
  }
  const zone = (event: HomeEvent) =>
    accounts.flatMap(({ networks }) => networks).find(({ id }) => id === event.subject.network)?.timeZone ??
    null
  createEffect(() => {
    if (opened() === null) return
    setBroken(false)
    setAsking(false)
    remove.dismiss()
    dialog()?.showModal()
  })
  const close = () => dialog()?.close()
  const erase = (event: HomeEvent) => {
    setAsking(false)
    const { account, network } = event.subject
    remove.run({
      name: "deleteClip",
      target: { account, ...(network === undefined ? {} : { network }) },
      args: { clip: clip()!.clipId },
    })
  }
  return (
    <dialog class="player" ref={setDialog} aria-labelledby="player-title" onClose={() => setOpened(null)}>
      <Show when={opened()}>
        {(event) => (
          <>
            <header>
              <h2 id="player-title">
                <bdi>{event().subject.name ?? "Clip"}</bdi>
              </h2>
              <p>
                {describe(event()).text} · {fullTime(event().occurredAt, zone(event()))}
              </p>
              <button type="button" class="icon-button" aria-label="Close" onClick={close}>
                <Glyph name="cross" />
              </button>
            </header>
            <Show
              when={!clip()?.deleted && !broken() && clip()?.clip}
              fallback={
                <p class="player-note">
                  {clip()?.deleted
                    ? "This clip has been deleted."
                    : "This clip can’t be played. It may have expired in the cloud."}
                </p>
              }
            >
              {(source) => (
                <video
                  controls
                  autoplay
                  muted
                  playsinline
                  src={mediaAddress(source())}
                  poster={clip()?.thumbnail === undefined ? undefined : mediaAddress(clip()!.thumbnail!)}
                  onError={() => setBroken(true)}
                />
              )}
            </Show>
            <footer>
              <Show when={!clip()?.deleted && clip()?.clip}>
                {(source) => (
                  <a class="button" href={mediaAddress(source())} download={`clip-${clip()!.clipId}.mp4`}>
                    <Glyph name="down" />
                    Download
                  </a>
                )}
              </Show>
              <Show when={!clip()?.deleted}>
                <Show
                  when={asking()}
                  fallback={
                    <button
                      type="button"
                      class="button"
                      disabled={remove.busy() || !may("control")}
                      onClick={() => setAsking(true)}
                    >
                      <Glyph name="bin" />
                      {remove.busy() ? "Deleting…" : "Delete"}
                    </button>
                  }
                >
                  <span class="ask">Delete it from the cloud for good?</span>
                  <button type="button" class="button danger" onClick={() => erase(event())}>
                    Delete
                  </button>
                  <button type="button" class="button" onClick={() => setAsking(false)}>
                    Keep
                  </button>
                </Show>
              </Show>
              <Show when={remove.problem()}>
                {(problem) => (
                  <p class="problem" role="alert">
                    {problem()}
                  </p>
                )}
              </Show>
            </footer>
          </>
        )}
      </Show>
    </dialog>
  )
}
