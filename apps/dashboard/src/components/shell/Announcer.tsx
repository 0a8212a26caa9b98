import { createSignal, onCleanup } from "solid-js"
import { useAppState } from "../../state/AppStateContext.ts"
import { describeEvent } from "../../format/describeEvent.ts"

/** A burst would drown everything else that the screen reader has to say. */
const minIntervalMs = 5_000

/** Says motion and doorbell presses to screen readers as they happen. */
export const Announcer = () => {
  const app = useAppState()
  const [text, setText] = createSignal("")
  let lastAt = 0
  onCleanup(
    app.onAlert(({ event }) => {
      const now = Date.now()
      if (now - lastAt < minIntervalMs && event.kind !== "doorbell.pressed") return
      lastAt = now
      setText(`${event.subject.name ?? "Camera"}: ${describeEvent(event).text}`)
    }),
  )
  return (
    <p class="unseen" aria-live="polite">
      {text()}
    </p>
  )
}
