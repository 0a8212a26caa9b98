import { describeEvent } from "@blink-streams/model/presentation"
import { createSignal, onCleanup } from "solid-js"
import { useAppState } from "../../state/AppStateContext.ts"

/** Limits how often a series of motion events interrupts a screen reader. Doorbell presses are always announced. */
const minIntervalMs = 5_000

/** Announces motion and doorbell presses to screen readers. */
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
    <p class="visually-hidden" aria-live="polite">
      {text()}
    </p>
  )
}
