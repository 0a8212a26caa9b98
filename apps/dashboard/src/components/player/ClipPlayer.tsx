import type { BlinkEvent } from "@blink-streams/model"
import { describeEvent } from "@blink-streams/model/presentation"
import { createEffect, createSignal, Show } from "solid-js"
import { broadcaster } from "../../api/broadcaster.ts"
import { createCommandAction } from "../../state/createCommandAction.ts"
import { useAppState } from "../../state/AppStateContext.ts"
import { formatDateTime } from "../../format/dateTime.ts"
import { Icon } from "../shell/Icon.tsx"

const [opened, setOpened] = createSignal<BlinkEvent | null>(null)

/** Opens the clip of `event` in a dialog over the current view. */
export const openClip = (event: BlinkEvent): void => void setOpened(event)

/** Dialog with one clip: playback, download, and deletion after a confirmation. */
export const ClipPlayer = () => {
  const { history, accounts, can } = useAppState()
  const deleteAction = createCommandAction()
  const [broken, setBroken] = createSignal(false)
  const [confirming, setConfirming] = createSignal(false)
  const [dialog, setDialog] = createSignal<HTMLDialogElement>()
  const clip = () => {
    const event = opened()
    return event === null ? null : history.clip(event)
  }
  const timeZone = (event: BlinkEvent) =>
    accounts.flatMap(({ networks }) => networks).find(({ id }) => id === event.subject.network)?.timeZone ??
    null
  createEffect(() => {
    if (opened() === null) return
    setBroken(false)
    setConfirming(false)
    deleteAction.dismiss()
    dialog()?.showModal()
  })
  const close = () => dialog()?.close()
  const deleteClip = (event: BlinkEvent) => {
    setConfirming(false)
    const { account, network } = event.subject
    deleteAction.run({
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
                {describeEvent(event()).text} · {formatDateTime(event().occurredAt, timeZone(event()))}
              </p>
              <button type="button" class="icon-button" aria-label="Close" onClick={close}>
                <Icon name="close" />
              </button>
            </header>
            <Show
              when={!clip()?.deleted && !broken() && clip()?.clip}
              fallback={
                <p class="player-message">
                  {clip()?.deleted
                    ? "This clip has been deleted."
                    : "This clip can’t be played. It may have expired."}
                </p>
              }
            >
              {(source) => (
                <video
                  controls
                  autoplay
                  muted
                  playsinline
                  src={broadcaster.mediaUrl(source())}
                  poster={
                    clip()?.thumbnail === undefined ? undefined : broadcaster.mediaUrl(clip()!.thumbnail!)
                  }
                  onError={() => setBroken(true)}
                />
              )}
            </Show>
            <footer>
              <Show when={!clip()?.deleted && clip()?.clip}>
                {(source) => (
                  <a
                    class="button"
                    href={broadcaster.mediaUrl(source())}
                    download={`clip-${clip()!.clipId}.mp4`}
                  >
                    <Icon name="download" />
                    Download
                  </a>
                )}
              </Show>
              <Show when={!clip()?.deleted}>
                <Show
                  when={confirming()}
                  fallback={
                    <button
                      type="button"
                      class="button"
                      disabled={deleteAction.busy() || !can("control")}
                      onClick={() => setConfirming(true)}
                    >
                      <Icon name="trash" />
                      {deleteAction.busy() ? "Deleting…" : "Delete"}
                    </button>
                  }
                >
                  <span class="confirm-text">Delete this clip permanently?</span>
                  <button type="button" class="button danger" onClick={() => deleteClip(event())}>
                    Delete
                  </button>
                  <button type="button" class="button" onClick={() => setConfirming(false)}>
                    Cancel
                  </button>
                </Show>
              </Show>
              <Show when={deleteAction.problem()}>
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
