import { createSignal, type Accessor } from "solid-js"

/** Current time, updated every `everyMs` while the page is visible and at once when it becomes visible again. */
const createClock = (everyMs: number): Accessor<number> => {
  const [now, setNow] = createSignal(Date.now())
  const tick = () => {
    if (!document.hidden) setNow(Date.now())
  }
  setInterval(tick, everyMs)
  document.addEventListener("visibilitychange", tick)
  return now
}

/** Updated every second, for the few texts that count seconds. */
export const now = createClock(1_000)
/** Updated every 10 seconds, for the ages on camera cards, of which there may be hundreds. */
export const coarseNow = createClock(10_000)
