import { createSignal, onCleanup } from "solid-js"
import { useLive } from "../live/LiveContext.ts"
import { describe } from "../words/describe.ts"

/** A burst would drown everything else that the screen reader has to say. */
const quietMs = 5_000

/** Says motion and doorbell presses to screen readers as they happen. */
export const Announcer = () => {
  const live = useLive()
  const [text, setText] = createSignal("")
  let lastAt = 0
  onCleanup(
    live.onAlert(({ event }) => {
      const now = Date.now()
      if (now - lastAt < quietMs && event.kind !== "doorbell.pressed") return
      lastAt = now
      setText(`${event.subject.name ?? "Camera"}: ${describe(event).text}`)
    }),
  )
  return (
    <p class="unseen" aria-live="polite">
      {text()}
    </p>
  )
}
